"""Every key: values that are taken, and values that are refused with the key and with what to do."""

import warnings
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

from deskphone.config.load import ConfigError, parse
from deskphone.config.model import Config
from deskphone.config.problems import choices, section_of
from deskphone.config.values import COUNTRIES
from deskphone.core import tones
from deskphone.core.commands import Audience
from deskphone.core.recording import Mode
from deskphone.core.settings import OnFailure, OnHold, PauseResume
from tests.config.toml_text import key_in_errors, value_of, with_key

FOLDER = Path("/etc/deskphone")

GOOD: list[tuple[str, str, Any]] = [
    ("phone.language", '"en"', "en"),
    ("phone.name", '"Växeln"', "Växeln"),
    ("phone.name", '""', "Deskphone"),
    ("phone.device_id", '"desk-7"', "desk-7"),
    ("phone.country", '""', ""),
    ("phone.country", '"GB"', "GB"),
    ("phone.country", '"se"', "SE"),
    ("sip.listen", '"127.0.0.1:0"', "127.0.0.1:0"),
    ("sip.listen", '"[::]:5060"', "[::]:5060"),
    ("sip.listen", '"localhost:65535"', "localhost:65535"),
    ("sip.transport", '"tls"', "tls"),
    ("sip.codecs", '["opus"]', ("opus",)),
    ("sip.registration_seconds", "30", 30),
    ("sip.registration_seconds", "86400", 86400),
    ("sip.rtp_ports", '""', ""),
    ("sip.rtp_ports", '"16384-16393"', "16384-16393"),
    ("sip.rtp_ports", '"1024-65535"', "1024-65535"),
    ("sip.tls", '{ cert_file = "a.pem", key_file = "/k.pem" }', None),
    ("sip.tls.ca_file", '"ca.pem"', "/etc/deskphone/ca.pem"),
    ("sip.tls.ca_file", '"/ca.pem"', "/ca.pem"),
    ("sip.tls.cert_file", '""', ""),
    ("sip.tls.key_file", '""', ""),
    ("sip.tls.verify", "false", False),
    ("sip.accounts", "[]", ()),
    ("sip.accounts.uri", '"sip:1001@127.0.0.1:15060"', "sip:1001@127.0.0.1:15060"),
    ("sip.accounts.uri", '"sips:%C3%A5ke.x@[2001:db8::1]:5061"', "sips:%C3%A5ke.x@[2001:db8::1]:5061"),
    ("sip.accounts.username", '""', "1001"),
    ("sip.accounts.username", '"desk"', "desk"),
    ("sip.accounts.password_file", '""', ""),
    ("sip.accounts.password", '""', None),
    ("sip.accounts.registrar", '""', ""),
    ("sip.accounts.registrar", '"sip:reg.example.com;transport=tcp"', "sip:reg.example.com;transport=tcp"),
    ("sip.accounts.display_name", '"Åsa \\"Mer\\" Öberg"', 'Åsa "Mer" Öberg'),
    ("sip.accounts.proxy", '"sip:192.0.2.1:5070;lr"', "sip:192.0.2.1:5070;lr"),
    ("dialling.internal", "'^\\d{4}$'", r"^\d{4}$"),
    ("dialling.internal", "'[[a]'", "[[a]"),
    ("dialling.emergency", '["112", "911"]', ("112", "911")),
    ("dialling.emergency", "[]", ()),
    ("dialling.domain", '"example.com:5070"', "example.com:5070"),
    ("recording.mode", '"always-pause-resume"', "always-pause-resume"),
    ("recording.on_hold", '"continue"', "continue"),
    ("recording.on_failure", '"end-call-with-announcement"', "end-call-with-announcement"),
    ("recording.failure_applies_to_on_demand", "true", True),
    ("recording.pause_reminder_seconds", "0", 0),
    ("recording.pause_reminder_seconds", "10", 10),
    ("recording.pause_reminder_seconds", "3600", 3600),
    ("notice.announcement", "{ on_demand = false, pstn_calls = true }", None),
    ("notice.announcement.on_demand", "false", False),
    ("notice.announcement.internal_calls", "true", True),
    ("notice.announcement.pstn_calls", "true", True),
    ("notice.pause_resume", '"beep"', "beep"),
    ("notice.repeat_beep_seconds", "false", 0),
    ("notice.repeat_beep_seconds", "0", 0),
    ("notice.repeat_beep_seconds", "10", 10),
    ("notice.repeat_beep_seconds", "1800", 1800),
    ("notice.audience", '"remote"', "remote"),
    ("notice.compliance_announcement.enabled", "true", True),
    ("notice.compliance_announcement.delay_seconds", "60", 60),
    ("notice.level_dbm0", "-40", -40),
    ("notice.level_dbm0", "0.0", 0),
    ("notice.local_level", "1", 1),
    ("notice.prompts.dir", '"prompts"', "/etc/deskphone/prompts"),
    ("indicator.banner_seconds", "0", 0),
    ("indicator.banner_seconds", "60", 60),
    ("audio.device", '"hw:1,0"', "hw:1,0"),
    ("audio.microphone_file", '"in.wav"', "/etc/deskphone/in.wav"),
    ("audio.earpiece_file", '"out.wav"', "/etc/deskphone/out.wav"),
    ("storage.url", '"file:///srv/m%C3%B6ten%20x"', "file:///srv/m%C3%B6ten%20x"),
    ("storage.format", '"flac"', "flac"),
    ("storage.memory", '"/dev/shm/x"', "/dev/shm/x"),
    ("storage.low_water_mb", "1", 1),
    ("web.listen", '"[::1]:80"', "[::1]:80"),
    ("log.level", '"debug"', "debug"),
    ("log.numbers", "true", True),
]

BAD: list[tuple[str, str, str]] = [
    ("phone.language", '"se"', "one of sv, en"),
    ("phone.name", "7", "must be text, not a whole number"),
    ("phone.name", '"a\\nb"', "control characters"),
    ("phone.device_id", '"\\u0000"', "control characters"),
    ("phone.country", '"XX"', "one of CH, CN"),
    ("sip.listen", '"5060"', "colon and a port"),
    ("sip.listen", '":5060"', "0.0.0.0"),
    ("sip.listen", '"::1:5060"', "brackets"),
    ("sip.listen", '"[::g]:1"', "IPv6"),
    ("sip.listen", '"256.1.1.1:1"', "IPv4"),
    ("sip.listen", '"1.2.3.4:65536"', "0 to 65535"),
    ("sip.listen", '"a b:1"', "host name"),
    ("sip.transport", '"TLS"', "did you mean tls?"),
    ("sip.codecs", "[]", "at least one codec"),
    ("sip.codecs", '["pcma", "pcma"]', "pcma is there more than once"),
    ("sip.codecs", '"pcma"', "a list of g722"),
    ("sip.registration_seconds", "29", "30 to 86400"),
    ("sip.registration_seconds", "86401", "30 to 86400"),
    ("sip.registration_seconds", '"300"', "not text in quotes"),
    ("sip.registration_seconds", "true", "not true"),
    ("sip.registration_seconds", "300.0", "not a number with decimals"),
    ("sip.rtp_ports", '"16384"', "lowest and the highest"),
    ("sip.rtp_ports", '"1022-2000"', "1024 to 65535"),
    ("sip.rtp_ports", '"2000-65536"', "1024 to 65535"),
    ("sip.rtp_ports", '"16385-16500"', "even"),
    ("sip.rtp_ports", '"16384-16392"', "at least 10"),
    ("sip.rtp_ports", '"16384-16300"', "lowest first"),
    ("sip.tls", "7", "a table: write [sip.tls]"),
    ("sip.tls.ca_file", "true", "a file name"),
    ("sip.tls.cert_file", '"a\\tb"', "control characters"),
    ("sip.tls.key_file", '"k.pem"', "needs cert_file"),
    ("sip.tls.verify", '"no"', "true or false"),
    ("sip.tls.verify", "0", "true or false"),
    ("sip.accounts", '{ uri = "sip:1@a" }', "write [[sip.accounts]]"),
    ("sip.accounts.uri", '"1001@example.com"', "begin with sip:"),
    ("sip.accounts.uri", '"sip:example.com"', "user before the host"),
    ("sip.accounts.uri", '"sip:1001:pw@example.com"', "must not carry a password"),
    ("sip.accounts.uri", '"sip:1001@example.com;lr"', "sip.transport"),
    ("sip.accounts.uri", '"sip:åke@example.com"', "%XX"),
    ("sip.accounts.uri", '"sip:a%0Ab@example.com"', "control characters"),
    ("sip.accounts.uri", '"sip:1001@example.com:0"', "1 to 65535"),
    ("sip.accounts.uri", '"sip:1001@exa<mple.com"', "blanks"),
    ("sip.accounts.uri", '"sip:1001@a\\r\\nVia: x"', "control characters"),
    ("sip.accounts.username", '"a\\nb"', "control characters"),
    ("sip.accounts.password_file", '"missing"', "names /etc/deskphone/missing, which is not a file"),
    ("sip.accounts.password", "1234", "text in one line, not a whole number"),
    ("sip.accounts.password", '"a\\nb"', "control characters"),
    ("sip.accounts.registrar", '"example.com"', "begin with sip:"),
    ("sip.accounts.registrar", '"sip:a;b@c"', "after the host"),
    ("sip.accounts.display_name", "'a\\b'", "backslash"),
    ("sip.accounts.proxy", '"http://a"', "begin with sip:"),
    ("dialling.internal", '"["', "regular expression; unterminated character set at character 1"),
    ("dialling.internal", '"a{99999999999}"', "too large"),
    ("dialling.internal", '""', "every number"),
    ("dialling.emergency", '["112", "112"]', "more than once"),
    ("dialling.emergency", "112", "a list of numbers"),
    ("dialling.domain", '"a b"', "host name"),
    ("recording.mode", '"on_demand"', "did you mean on-demand?"),
    ("recording.mode", "true", "not true"),
    ("recording.on_hold", '"resume"', "one of pause, continue"),
    ("recording.on_failure", '"proceed-with-anouncement"', "did you mean proceed-with-announcement?"),
    ("recording.failure_applies_to_on_demand", '"true"', "true or false, not text in quotes"),
    ("recording.pause_reminder_seconds", "9", "10 to 3600"),
    ("recording.pause_reminder_seconds", "3601", "10 to 3600"),
    ("recording.pause_reminder_seconds", "false", "not false"),
    ("notice.announcement", "true", "a table"),
    ("notice.announcement.on_demand", "1", "true or false"),
    ("notice.announcement.internal_calls", '"on"', "true or false"),
    ("notice.announcement.pstn_calls", "[]", "not a list"),
    ("notice.pause_resume", '"tone"', "one of none, beep, announcement"),
    ("notice.repeat_beep_seconds", "true", "15 is customary"),
    ("notice.repeat_beep_seconds", "9", "10 to 1800"),
    ("notice.repeat_beep_seconds", "1801", "10 to 1800"),
    ("notice.repeat_beep_seconds", '"15"', "not text in quotes"),
    ("notice.audience", '"all"', "one of both, local, remote"),
    ("notice.compliance_announcement", "1", "a table"),
    ("notice.compliance_announcement.enabled", "1", "true or false"),
    ("notice.compliance_announcement.delay_seconds", "61", "0 to 60"),
    ("notice.level_dbm0", "1", "-40 to 0"),
    ("notice.level_dbm0", "nan", "-40 to 0"),
    ("notice.local_level", "1.1", "0 to 1"),
    ("notice.local_level", "true", "0 to 1, not true"),
    ("notice.prompts.dir", "{}", "not a table"),
    ("indicator.banner_seconds", "-1", "0 to 60"),
    ("indicator.banner_seconds", "inf", "0 to 60"),
    ("audio.device", '" "', "not be empty"),
    ("audio.microphone_file", "1", "a file name"),
    ("audio.earpiece_file", "1979-05-27", "not a date"),
    ("storage.url", '"/var/lib/deskphone"', "not a plain path: write file://"),
    ("storage.url", '"recordings"', "not a plain path"),
    ("storage.url", '"s3://bucket/x"', "only file: is supported in this version"),
    ("storage.url", '"file://host/x"', "three slashes"),
    ("storage.url", '"file:///"', "name a folder"),
    ("storage.url", '"file:///a?b"', "%3F"),
    ("storage.url", '"file:///100%"', "%25"),
    ("storage.url", '"file:///a%00"', "control characters"),
    ("storage.url", '"file:///a%FF"', "UTF-8"),
    ("storage.format", '"mp3"', "one of opus, flac, wav"),
    ("storage.memory", "1", "name of a folder"),
    ("storage.low_water_mb", "0", "1 or more"),
    ("web.listen", '"8080"', "colon and a port"),
    ("log.level", '"warn"', "did you mean warning?"),
    ("log.numbers", '"yes"', "true or false"),
]


def _keys(model: Any = Config, above: str = "") -> set[str]:
    keys: set[str] = set()
    for name, field in model.model_fields.items():
        section = section_of(field)
        keys |= {above + name} if section is None else _keys(section, f"{above}{name}.")
    return keys


@pytest.mark.parametrize(("key", "literal", "expected"), GOOD)
def test_value_is_taken(key: str, literal: str, expected: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        config = parse(with_key(key, literal), "x.toml", FOLDER)
    if expected is not None:
        assert value_of(config, key) == expected
        assert type(value_of(config, key)) is type(expected) or isinstance(expected, int)


@pytest.mark.parametrize(("key", "literal", "words"), BAD)
def test_value_is_refused_with_its_key_and_what_to_do(key: str, literal: str, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse(with_key(key, literal), "x.toml", FOLDER)
    (problem,) = caught.value.problems
    assert problem.key == key_in_errors(key)
    assert words in problem.message
    assert str(caught.value) == f"{problem.key}: {problem.message}"


def test_every_key_has_a_good_and_a_bad_value_here() -> None:
    assert _keys() - {row[0] for row in GOOD} == set()
    assert _keys() - {row[0] for row in BAD} == set()


@pytest.mark.parametrize(
    ("key", "literal", "named"),
    [("sip.codecs", '["g722", "g729"]', "sip.codecs[1]"), ("dialling.emergency", "[112]", "dialling.emergency[0]")],
)
def test_an_item_of_a_list_is_named_by_its_position(key: str, literal: str, named: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse(with_key(key, literal), "x.toml", FOLDER)
    assert [problem.key for problem in caught.value.problems] == [named]


def test_compliance_announcement_may_be_a_switch() -> None:
    notice = parse("[notice]\ncompliance_announcement = true\n", "x.toml", FOLDER).notice
    assert notice.compliance_announcement.enabled is True
    assert notice.compliance_announcement.delay_seconds == 0


def test_an_inline_table_is_as_good_as_a_section() -> None:
    inline = parse("[notice]\nannouncement = { internal_calls = true, pstn_calls = true }\n", "x.toml", FOLDER)
    section = parse("[notice.announcement]\ninternal_calls = true\npstn_calls = true\n", "x.toml", FOLDER)
    assert inline == section
    assert inline.notice.announcement.on_demand is True


def test_a_certificate_needs_its_key() -> None:
    with pytest.raises(ConfigError, match=r"^sip\.tls\.key_file: is missing: cert_file is set"):
        parse('[sip.tls]\ncert_file = "c.pem"\n', "x.toml", FOLDER)


def test_the_user_of_the_uri_is_the_username_with_escapes_resolved() -> None:
    config = parse('[[sip.accounts]]\nuri = "sip:%C3%A5ke@example.com"\n', "x.toml", FOLDER)
    assert config.sip.accounts[0].username == "åke"


@pytest.mark.parametrize(
    ("section", "key", "enum"),
    [
        ("recording", "mode", Mode),
        ("recording", "on_hold", OnHold),
        ("recording", "on_failure", OnFailure),
        ("notice", "pause_resume", PauseResume),
        ("notice", "audience", Audience),
    ],
)
def test_words_and_defaults_are_those_of_the_core(section: str, key: str, enum: type[StrEnum]) -> None:
    model = section_of(Config.model_fields[section])
    assert model is not None
    assert choices(model.model_fields[key]) == tuple(enum)


def test_countries_are_those_with_tones() -> None:
    assert set(COUNTRIES) == set(tones._WARNING) | set(tones._PROGRESS)
