"""The logical keys of the phone, whatever hardware they sit on."""

from enum import StrEnum


class Key(StrEnum):
    """A key by its name in configuration, board profiles and the HTTP interface. The hook is a switch, not a key."""

    MER = "mer"
    SOFT1 = "soft1"
    SOFT2 = "soft2"
    SOFT3 = "soft3"
    SOFT4 = "soft4"
    MUTE = "mute"
    VOLUME_UP = "volume_up"
    VOLUME_DOWN = "volume_down"
    DIGIT_0 = "0"
    DIGIT_1 = "1"
    DIGIT_2 = "2"
    DIGIT_3 = "3"
    DIGIT_4 = "4"
    DIGIT_5 = "5"
    DIGIT_6 = "6"
    DIGIT_7 = "7"
    DIGIT_8 = "8"
    DIGIT_9 = "9"
    STAR = "star"
    POUND = "pound"


SOFT_KEYS = (Key.SOFT1, Key.SOFT2, Key.SOFT3, Key.SOFT4)

_DIAL = {Key.STAR: "*", Key.POUND: "#"} | {key: key.value for key in Key if key.value.isdigit()}


def dial_character(key: Key) -> str | None:
    """The character that a dial-pad key stands for (RFC 4733 events 0-11), None for the other keys."""
    return _DIAL.get(key)
