"""Files that cannot be read, text that is not TOML, many faults at once, and secrets."""

import json
import os
import subprocess
import sys
import traceback
from pathlib import Path

import pytest

from deskphone.config.document import masked
from deskphone.config.load import ConfigError, Problem, load, parse
from deskphone.config.model import Config
from deskphone.errors import DeskphoneError

SECRET = "hunter2-åäö"
ACCOUNT = '[[sip.accounts]]\nuri = "sip:1001@pbx.example.com"\n'


def _refusal(text: str, folder: Path = Path("/etc/deskphone")) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        parse(text, "x.toml", folder)
    return caught.value


def test_an_empty_file_is_all_defaults(tmp_path: Path) -> None:
    file = tmp_path / "deskphone.toml"
    file.write_text("")
    config = load(file)
    assert config == Config()
    assert config.recording.mode == "never"
    assert config.sip.codecs == ("g722", "pcma", "pcmu")
    assert config.storage.url == "file:///var/lib/deskphone/recordings"


def test_a_byte_order_mark_and_dos_line_ends_are_taken(tmp_path: Path) -> None:
    file = tmp_path / "deskphone.toml"
    file.write_bytes(b'\xef\xbb\xbf[phone]\r\nlanguage = "en"\r\n')
    assert load(file).phone.language == "en"


def test_relative_names_start_in_the_folder_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "deskphone.toml").write_text(
        '[audio]\nmicrophone_file = "in.wav"\nearpiece_file = "../out.wav"\n'
    )
    monkeypatch.chdir(tmp_path)
    audio = load(Path("etc/deskphone.toml")).audio
    assert audio.microphone_file == str(tmp_path / "etc" / "in.wav")
    assert audio.earpiece_file == str(tmp_path / "etc" / ".." / "out.wav")


def test_all_problems_at_once_each_with_its_key() -> None:
    error = _refusal(
        """
        recoding = {}
        mode = "always"
        [phone]
        langauge = "sv"
        [sip]
        transport = "upd"
        listen = "::1:5060"
        codecs = ["g722", "g729"]
        [sip.tls]
        cert_file = "c.pem"
        [[sip.accounts]]
        uri = "sip:1@a"
        [[sip.accounts]]
        password = 7
        "strange key" = 1
        [notice]
        repeat_beep_seconds = 5
        """
    )
    said = {problem.key: problem.message for problem in error.problems}
    assert set(said) == {
        "recoding",
        "mode",
        "phone.langauge",
        "sip.transport",
        "sip.listen",
        "sip.codecs[1]",
        "sip.tls.key_file",
        "sip.accounts[1].uri",
        "sip.accounts[1].password",
        'sip.accounts[1]."strange key"',
        "notice.repeat_beep_seconds",
    }
    assert said["recoding"].endswith("did you mean recording?")
    assert said["mode"].endswith("did you mean recording.mode?")
    assert said["phone.langauge"].endswith("did you mean language?")
    assert said["sip.transport"].endswith("did you mean udp?")
    assert "sip:user@host" in said["sip.accounts[1].uri"]
    assert "use one of uri, username" in said['sip.accounts[1]."strange key"']
    assert str(error).splitlines() == [str(problem) for problem in error.problems]
    assert isinstance(error, DeskphoneError)
    assert isinstance(error, ValueError)


@pytest.mark.parametrize("mark", ["\u2028", "\x85", "\u202e"])
def test_a_strange_key_or_word_stays_on_one_line_and_is_escaped(mark: str) -> None:
    error = _refusal(f'[log]\n"a{mark}b" = 1\nlevel = "a{mark}b"\n')
    assert mark not in str(error)
    assert len(str(error).splitlines()) == len(error.problems) == 2


def test_an_unknown_section_is_told_the_known_ones() -> None:
    (problem,) = _refusal("[zzz]\n").problems
    assert problem == Problem(
        "zzz",
        "is not a known section; the sections are phone, sip, dialling, recording, notice, indicator, audio, storage,"
        " web, log",
    )


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("[sip]\nlisten = \n", "2:10", "a value is expected here"),
        ("[sip]\n\ntransport = udp\n", "3:13", "text in quotes"),
        ("[sip\n", "1:5", "a ] is expected"),
        ("[sip]\nlisten\n", "2:7", "= and a value"),
        ('[sip]\nlisten = "a\n', "2:12", "must close on its line"),
        ('[phone]\nname = "a" b\n', "2:12", "the end of the line"),
        ("[sip]\n[sip]\n", "2:5", "twice"),
        ("[log]\nnumbers = true\nnumbers = true\n", "3:15", "twice"),
        ("[sip]\ncodecs = ['g722' 'pcma']\n", "2:18", "a comma or the ]"),
        ("[notice]\nprompts = { dir = 'a'", "2:22", "a comma or the }"),
        ('[phone]\nname = "C:\\x"\n', "2:13", "single quotes"),
        ("x = '''a\nb", "2:2", "quotes that close"),
        ('[phone]\nname = """å\r\nb', "3:2", "quotes that close"),
    ],
)
def test_malformed_toml_is_told_with_place_and_what_is_expected(text: str, place: str, words: str) -> None:
    (problem,) = _refusal(text).problems
    assert problem.key == ""
    assert problem.message.startswith(f"x.toml:{place}: this is not TOML: ")
    assert words in problem.message


@pytest.mark.parametrize("text", ["x = " + "[" * 20_000, "x = " + "9" * 5000, 'a = "\ud800"'])
def test_text_beyond_what_the_parser_bears_is_refused(text: str) -> None:
    (problem,) = _refusal(text).problems
    assert problem.message.startswith("x.toml: ")


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"missing\.toml: there is no such file; create it"):
        load(tmp_path / "missing.toml")


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="this is a folder"):
        load(tmp_path)


def test_a_file_below_a_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")
    with pytest.raises(ConfigError, match="cannot be read: Not a directory"):
        load(tmp_path / "a" / "b")


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_bytes", refuse)  # root may read everything, so mode bits prove nothing
    with pytest.raises(ConfigError, match="may not be read by this user"):
        load(tmp_path / "x.toml")


def test_bytes_that_are_not_utf8_are_told_with_their_place(tmp_path: Path) -> None:
    file = tmp_path / "x.toml"
    file.write_bytes(b'[phone]\nname = "\xe5"\n')
    with pytest.raises(ConfigError, match=r"x\.toml:2:9: this is not UTF-8 text; save the file as UTF-8"):
        load(file)


@pytest.mark.parametrize("content", [SECRET, SECRET + "\n", SECRET + "\r\n"])
def test_a_password_file_is_read_beside_the_configuration(tmp_path: Path, content: str) -> None:
    (tmp_path / "pw").write_bytes(content.encode())
    config = parse(f'{ACCOUNT}password_file = "pw"\n', "x.toml", tmp_path)
    assert config.sip.accounts[0].secret() == SECRET
    assert config.sip.accounts[0].password_file == str(tmp_path / "pw")


def test_no_password_is_an_empty_secret() -> None:
    assert parse(ACCOUNT, "x.toml", Path("/")).sip.accounts[0].secret() == ""


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\n", "is empty"),
        (b"a\nb\n", "more than one line"),
        (b"\xff", "not UTF-8"),
        (b"x" * 4097, "too large"),
    ],
)
def test_a_password_file_that_is_none(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "pw").write_bytes(content)
    (problem,) = _refusal(f'{ACCOUNT}password_file = "pw"\n', tmp_path).problems
    assert problem.key == "sip.accounts[0].password_file"
    assert words in problem.message


def test_a_password_file_that_blocks_or_is_a_folder_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name in ("pipe", "."):
        (problem,) = _refusal(f'{ACCOUNT}password_file = "{name}"\n', tmp_path).problems
        assert "is not a file" in problem.message


def test_a_name_too_long_for_the_system_is_told(tmp_path: Path) -> None:
    (problem,) = _refusal(f'{ACCOUNT}password_file = "{"x" * 300}"\n', tmp_path).problems
    assert "cannot be read: File name too long" in problem.message


def test_password_and_password_file_exclude_each_other(tmp_path: Path) -> None:
    (tmp_path / "pw").write_text("a")
    (problem,) = _refusal(f'{ACCOUNT}password = "{SECRET}"\npassword_file = "pw"\n', tmp_path).problems
    assert problem.key == "sip.accounts[0].password"
    assert "keep one" in problem.message


def test_a_secret_is_neither_in_repr_nor_in_the_masked_values(tmp_path: Path) -> None:
    (tmp_path / "pw").write_text(SECRET)
    config = parse(f'{ACCOUNT}password = "{SECRET}"\n{ACCOUNT}password_file = "pw"\n{ACCOUNT}', "x.toml", tmp_path)
    shown = json.dumps(masked(config), ensure_ascii=False)
    assert [account["password"] for account in masked(config)["sip"]["accounts"]] == ["********", "********", ""]
    for text in (repr(config), str(config), shown, config.model_dump_json(), repr(config.sip.accounts[0].password)):
        assert SECRET not in text


@pytest.mark.parametrize(
    "text",
    [
        f'{ACCOUNT}pasword = "{SECRET}"\n',
        f'[sip]\npassword = "{SECRET}"\n',
        f'password = "{SECRET}"\n',
        f'{ACCOUNT}password = ["{SECRET}"]\n',
        f'{ACCOUNT}password = {{ x = "{SECRET}" }}\n',
        f'{ACCOUNT}password = "{SECRET}\\n"\n',
        f"{ACCOUNT}password = {SECRET}\n",
        f'{ACCOUNT}password = "{SECRET}\n',
        f'[sip]\naccounts = ["{SECRET}"]\n',
        f'[[sip.accounts]]\nuri = "sip:1001:{SECRET}@pbx.example.com"\n',
        f'{ACCOUNT}registrar = "sip:1001:{SECRET}@pbx.example.com"\n',
        f'{ACCOUNT}password = "{SECRET}"\nproxy = 1\n',
    ],
)
def test_a_secret_is_in_no_error(text: str) -> None:
    error = _refusal(text)
    for form in (str(error), repr(error), repr(error.problems), "".join(traceback.format_exception(error))):
        assert SECRET not in form
    assert error.__context__ is None


def test_import_brings_in_nothing_heavy() -> None:
    code = (
        "import sys; import deskphone.config.load;"
        "heavy = {'aiohttp', 'asyncio', 'numpy', 'PIL', 'pjsua2', 'gpiozero', 'rich'};"
        "print(*heavy & {name.partition('.')[0] for name in sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
