"""The configuration files of the Asterisk peer; changes when a test needs another user, extension or codec.

Written from the options' own documentation in Asterisk. Traps kept here: with autoload=no app_mixmonitor needs
func_periodic_hook, app_chanspy, func_cut, func_groupcount and func_uri; acl.conf must exist; a stale contact fails a
Dial unless max_contacts=1 with remove_existing; MixMonitor's loop takes 160 samples, and now and then doubles 10 ms of
the transmitted side when its files are at 16 kHz: at 8 kHz they are whole; an `identify` of 127.0.0.1
would swallow every peer on loopback.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

_MODULES = """
res_timing_timerfd res_sorcery_config res_sorcery_memory res_sorcery_astdb res_pjproject res_pjsip res_pjsip_session
res_pjsip_acl res_pjsip_authenticator_digest res_pjsip_endpoint_identifier_user res_pjsip_registrar res_pjsip_sdp_rtp
res_pjsip_caller_id res_pjsip_nat res_pjsip_path res_pjsip_dtmf_info res_pjsip_header_funcs res_pjsip_refer
res_pjsip_pubsub res_pjsip_notify res_pjsip_rfc3326 res_pjsip_logger res_pjsip_one_touch_record_info
res_rtp_asterisk res_clioriginate res_musiconhold chan_pjsip chan_bridge_media bridge_simple bridge_native_rtp
bridge_softmix bridge_holding bridge_builtin_features codec_alaw codec_ulaw codec_g722 codec_resample codec_a_mu
format_pcm format_wav format_sln
app_dial app_playback app_echo app_milliwatt app_record app_verbose app_mixmonitor app_chanspy app_stack app_playtones
func_periodic_hook func_cut func_groupcount func_uri func_callerid func_channel func_strings func_logic func_global
pbx_config pbx_spool
"""

# Asterisk complains about each of these that is missing, and some of its modules then refuse to load.
_EMPTY = """
acl ccss cdr cel codecs dnsmgr dsp enum indications manager musiconhold pjproject pjsip_wizard sorcery stasis udptl
"""


def write(
    folder: Path,
    run: Path,
    tree: Path,
    *,
    port: int,
    rtp_port: int,
    users: Mapping[str, str],
    codecs: Sequence[str],
    played: str | None,
) -> Path:
    """Write every file under `folder`/etc (sockets go to `run`); returns the path of asterisk.conf.

    `users` maps user name to password; `codecs` are Asterisk's names in order of preference; `played` is the path,
    without extension, of what extension 601 plays; None leaves 601 out.
    """
    etc = folder / "etc"
    for part in (etc, folder / "spool" / "outgoing", folder / "lib", folder / "log", folder / "heard"):
        part.mkdir(parents=True)
    texts = {
        "asterisk": _asterisk(etc, folder, run, tree),
        "modules": "[modules]\nautoload=no\n" + "".join(f"load={module}.so\n" for module in _MODULES.split()),
        "logger": "[general]\ndateformat=%T.%3q\n[logfiles]\nconsole => notice,warning,error,verbose(4)\n",
        "rtp": f"[general]\nrtpstart={rtp_port}\nrtpend={rtp_port + 98}\nicesupport=no\n",
        "features": "[general]\nfeaturedigittimeout=1000\n[featuremap]\nautomixmon => *3\n",
        "pjsip_notify": "[check-sync]\nEvent=>check-sync\\;reboot=true\n[check-sync-soft]\nEvent=>check-sync\n",
        "pjsip": _pjsip(port, users, codecs),
        "extensions": _extensions(folder / "heard", played, users),
        **{name: "[general]\n" if name == "manager" else "" for name in _EMPTY.split()},
    }
    for name, text in texts.items():
        (etc / f"{name}.conf").write_text(text)
    return etc / "asterisk.conf"


def _asterisk(etc: Path, folder: Path, run: Path, tree: Path) -> str:
    modules = next(tree.glob("usr/lib/*/asterisk/modules"))
    return f"""[directories]
astetcdir => {etc}
astmoddir => {modules}
astvarlibdir => {folder / "lib"}
astdbdir => {folder / "lib"}
astkeydir => {folder / "lib"}
astagidir => {folder / "lib"}
astcachedir => {folder / "lib"}
astdatadir => {tree / "usr/share/asterisk"}
astspooldir => {folder / "spool"}
astrundir => {run}
astlogdir => {folder / "log"}
[options]
verbose = 4
"""


def _pjsip(port: int, users: Mapping[str, str], codecs: Sequence[str]) -> str:
    text = "[global]\ntype=global\nuser_agent=Asterisk peer\n"
    for protocol in ("udp", "tcp"):
        text += f"[{protocol}]\ntype=transport\nprotocol={protocol}\nbind=127.0.0.1:{port}\n"
    for user, password in users.items():
        text += f"""[{user}]
type=endpoint
context=phones
disallow=all
allow={",".join(codecs)}
auth={user}
aors={user}
direct_media=no
rewrite_contact=yes
rtp_symmetric=yes
dtmf_mode=rfc4733
one_touch_recording=yes
record_on_feature=automixmon
record_off_feature=automixmon
[{user}]
type=auth
auth_type=userpass
username={user}
password={password}
[{user}]
type=aor
max_contacts=1
remove_existing=yes
minimum_expiration=5
"""
    return text


def _extensions(heard: Path, played: str | None, users: Mapping[str, str]) -> str:
    text = f"""[general]
static=yes
writeprotect=yes
[phones]
exten => 600,1,Answer()
 same => n,Echo()
exten => 602,1,Answer()
 same => n,Milliwatt()
exten => 603,1,Busy()
exten => 604,1,Ringing()
 same => n,Wait(120)
exten => 605,1,Answer()
 same => n,Wait(2)
 same => n,Hangup()
exten => 607,1,Ringing()
 same => n,Wait(1)
 same => n,Hangup(19)
exten => 606,1,Answer()
 same => n,Record({heard}/606-${{CHANNEL(linkedid)}}.wav16,0,0,kq)
"""
    if played is not None:
        text += f"exten => 601,1,Answer()\n same => n(again),Playback({played})\n same => n,Goto(again)\n"
    for user in users:
        files = f"{heard}/7{user}-${{CHANNEL(linkedid)}}"
        text += f"""exten => {user},1,Dial(PJSIP/{user},60,xX)
exten => 7{user},1,MixMonitor({files}-mixed.wav,r({files}-received.wav)t({files}-transmitted.wav))
 same => n,Dial(PJSIP/{user},60)
"""
    return text
