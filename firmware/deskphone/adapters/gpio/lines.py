"""Which BCM line of the 40-pin header each key, the hook and the LED are wired to.

Lines 2 and 3 are the OLED's I2C bus. Inputs are pulled up and closed to ground.
"""

from deskphone.core.keypad import Key

KEY_LINES: dict[Key, int] = {
    Key.MER: 4,
    Key.SOFT1: 5,
    Key.SOFT2: 6,
    Key.SOFT3: 7,
    Key.SOFT4: 8,
    Key.MUTE: 9,
    Key.VOLUME_UP: 10,
    Key.VOLUME_DOWN: 11,
    Key.DIGIT_0: 12,
    Key.DIGIT_1: 13,
    Key.DIGIT_2: 14,
    Key.DIGIT_3: 15,
    Key.DIGIT_4: 16,
    Key.DIGIT_5: 17,
    Key.DIGIT_6: 18,
    Key.DIGIT_7: 19,
    Key.DIGIT_8: 20,
    Key.DIGIT_9: 21,
    Key.STAR: 22,
    Key.POUND: 23,
}
HOOK_LINE = 24
"""Closed while the handset lies on the cradle."""
LED_LINE = 25
