"""The keys of the configuration, section by section, with their defaults and meanings.

Section docstrings and field descriptions are published in `docs/configuration.md`. Every model is frozen and refuses
keys it does not know. What a single value may look like is in `values.py`.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationInfo, field_validator

from deskphone.config import values
from deskphone.config.addresses import user_part
from deskphone.config.values import Reading


class Section(BaseModel):
    """A table of the file."""

    model_config = ConfigDict(
        strict=True, frozen=True, extra="forbid", hide_input_in_errors=True, validate_default=True
    )


class Phone(Section):
    """The phone itself."""

    language: Literal["sv", "en"] = Field(
        default="sv", description="Language of the display and of spoken announcements."
    )
    name: values.PhoneName = Field(
        default="Deskphone",
        description="Name on the idle screen, for example whose phone it is; empty counts as the default.",
    )
    device_id: values.Text = Field(
        default="",
        description="Identity of the device in every recording's metadata; empty = derived from the machine.",
    )
    country: values.Country = Field(
        default="",
        description="ISO 3166 code of the country whose warning tone and call-progress tones are used;"
        " empty = by language (`sv`: SE, `en`: US).",
    )


class Tls(Section):
    """Certificates for `sip.transport = "tls"`, in PEM format."""

    ca_file: values.FileName = Field(
        default="",
        description="Authorities that the server's certificate is checked against; empty = those of the system.",
    )
    cert_file: values.FileName = Field(
        default="", description="The phone's own certificate, for servers that ask for one; goes with `key_file`."
    )
    key_file: values.FileName = Field(default="", description="Private key of the certificate in `cert_file`.")
    verify: values.Switch = Field(
        default=True,
        description="Whether a server whose certificate cannot be trusted is refused; turn off in a laboratory only.",
    )

    @field_validator("key_file")
    @classmethod
    def _belongs_to_certificate(cls, key: str, info: ValidationInfo) -> str:
        certificate = info.data.get("cert_file")
        if certificate and not key:
            raise ValueError("is missing: cert_file is set and needs the key of that certificate")
        if certificate == "" and key:
            raise ValueError("needs cert_file as well: set it to the certificate of this key, or remove key_file")
        return key


class Account(Section):
    """One registration. Repeat the section for each; without any, calls to and from `sip:` addresses still work."""

    uri: values.SipAccount = Field(
        description="The account's address, which others call.", examples=["sip:1001@pbx.example.com"]
    )
    username: values.Text = Field(
        default="", description="Name for digest authentication; empty = the user in `uri`.", examples=["1001"]
    )
    password_file: values.SecretFile = Field(
        default="",
        description="File that holds the password and nothing else, read with the configuration;"
        " one trailing line break is ignored. Instead of `password`.",
    )
    password: values.Password = Field(
        default_factory=lambda: SecretStr(""),  # as a default it would have to stand in the JSON Schema
        description="Password for digest authentication. Instead of `password_file`; neither = none.",
        examples=["change-me"],
    )
    registrar: values.SipServer = Field(
        default="", description="Server to register with; empty = the host in `uri`.", examples=["sip:pbx.example.com"]
    )
    display_name: values.DisplayName = Field(
        default="", description="Name that the called party sees.", examples=["Reception"]
    )
    proxy: values.SipServer = Field(
        default="", description="Outbound proxy that every request goes through; empty = none."
    )

    @field_validator("username")
    @classmethod
    def _user_of_uri(cls, name: str, info: ValidationInfo) -> str:
        return name or user_part(info.data.get("uri", ""))

    @field_validator("password")
    @classmethod
    def _one_source(cls, password: SecretStr, info: ValidationInfo) -> SecretStr:
        file = info.data.get("password_file")
        if not file:
            return password
        if password.get_secret_value():
            raise ValueError("is set together with password_file; keep one and remove the other")
        return info.context.secrets[file] if isinstance(info.context, Reading) else password

    def secret(self) -> str:
        """The password in clear, from wherever it came; empty if there is none. Never for a log."""
        return self.password.get_secret_value()


class Sip(Section):
    """Telephony."""

    listen: values.Listen = Field(default="0.0.0.0:5060", description="Address and port that SIP is served on.")
    transport: Literal["udp", "tcp", "tls"] = Field(default="udp", description="How SIP messages travel.")
    codecs: values.Codecs = Field(
        default=("g722", "pcma", "pcmu"), description="Speech codecs offered, the preferred first."
    )
    registration_seconds: values.RegistrationSeconds = Field(
        default=300, description="Seconds that a registration is asked to last before it is renewed."
    )
    rtp_ports: values.RtpPorts = Field(
        default="", description="Range of UDP ports for speech, for firewalls; empty = any.", examples=["16384-16483"]
    )
    tls: Tls = Field(default=Tls(), description="See `[sip.tls]`.")
    accounts: Annotated[tuple[Account, ...], Field(strict=False)] = Field(
        default=(), description="See `[[sip.accounts]]`."
    )


class Dialling(Section):
    """What numbers mean."""

    internal: values.Pattern = Field(
        default="^[0-9]{1,5}$",
        description="Regular expression, searched for in a party's number: where it matches, the call is internal."
        " Parties of the own domain with a name instead of a number are internal as well.",
    )
    emergency: values.Numbers = Field(
        default=("112",),
        description="Emergency numbers. Recording never delays such a call, plays over it or ends it.",
    )
    domain: values.Domain = Field(
        default="", description="What completes a dialled number to an address; empty = the first account's host."
    )


class Recording(Section):
    """Which calls are recorded, and who decides."""

    mode: Literal["never", "always", "always-pause-resume", "on-demand", "on-demand-user-start"] = Field(
        default="never",
        description="`never`: no recording. `always`: every answered call, and the user cannot influence it."
        " `always-pause-resume`: the same, but the user may pause. `on-demand`: the call is captured in memory from the"
        " answer and kept, all of it, only if the user presses Start; else it is destroyed at hang-up."
        " `on-demand-user-start`: each Start begins a recording of its own, which the user may pause and stop.",
        examples=["on-demand"],
    )
    on_hold: Literal["pause", "continue"] = Field(
        default="pause", description="What happens to a recording while the user has put the call on hold."
    )
    on_failure: Literal["proceed", "proceed-with-announcement", "end-call-with-announcement"] = Field(
        default="proceed",
        description="What happens to a call that cannot be recorded: it goes on, goes on after an announcement, or ends"
        " after one. Emergency calls always go on.",
    )
    failure_applies_to_on_demand: values.Switch = Field(
        default=False,
        description="Whether `on_failure` is also for the two on-demand modes; if not, those calls go on.",
    )
    pause_reminder_seconds: values.ReminderSeconds = Field(
        default=60, description="Seconds of pause after which the user is reminded by banner and a tone in the own ear."
    )


class Announcement(Section):
    """When the start and the stop of a recording are announced. May be written inline in `[notice]`."""

    on_demand: values.Switch = Field(default=True, description="A Start or Stop that the user pressed is announced.")
    internal_calls: values.Switch = Field(
        default=False, description="An automatic recording of an internal call is announced (see `dialling.internal`)."
    )
    pstn_calls: values.Switch = Field(
        default=False, description="An automatic recording of any other call is announced."
    )


class ComplianceAnnouncement(Section):
    """A sentence that the law may ask for, on calls that are not internal. May be written inline in `[notice]`, or
    there as `compliance_announcement = true`.
    """

    enabled: values.Switch = Field(
        default=False, description="Whether it is played, in place of the start announcement."
    )
    delay_seconds: values.UpToAMinute = Field(
        default=0, description="Seconds from the start of the recording to the sentence."
    )


class Prompts(Section):
    """Recorded sentences. May be written inline in `[notice]`."""

    dir: values.FolderName = Field(
        default="", description="Folder with WAV files that replace the sentences shipped with the phone; empty = none."
    )


class Notice(Section):
    """What is heard of a recording."""

    announcement: Announcement = Field(default=Announcement(), description="See `[notice.announcement]`.")
    pause_resume: Literal["none", "beep", "announcement"] = Field(
        default="none", description="How a pressed Pause or Resume is heard."
    )
    repeat_beep_seconds: values.RepeatSeconds = Field(
        default=0,
        description="Interval in seconds of the repeated warning tone while a call is recorded; 15 is customary.",
    )
    audience: Literal["both", "local", "remote"] = Field(
        default="both",
        description="Who hears announcements and tones: both parties, the user alone, or the far end alone.",
    )
    compliance_announcement: Annotated[ComplianceAnnouncement, *values.TableOrSwitch] = Field(
        default=ComplianceAnnouncement(), description="See `[notice.compliance_announcement]`."
    )
    level_dbm0: values.LevelDbm0 = Field(
        default=-10.0, description="Level of the warning tone to the far end, in dBm0."
    )
    local_level: values.Fraction = Field(
        default=0.2, description="Level in the user's own ear, as a fraction of the level to the far end."
    )
    prompts: Prompts = Field(default=Prompts(), description="See `[notice.prompts]`.")


class Indicator(Section):
    """What is seen of a recording."""

    banner_seconds: values.UpToAMinute = Field(
        default=3, description="Seconds that the banner stays after a change or a key; 0 = it stays for good."
    )


class Audio(Section):
    """Where sound comes from and goes to."""

    device: values.FilledText = Field(default="default", description="ALSA device of the handset.")
    microphone_file: values.FileName = Field(
        default="", description="WAV file that is spoken into the call. Simulated phone only."
    )
    earpiece_file: values.FileName = Field(
        default="", description="WAV file that what the user hears is written to. Simulated phone only."
    )


class Storage(Section):
    """Where kept recordings go. Audio that is not kept never leaves memory."""

    url: values.StorageUrl = Field(
        default="file:///var/lib/deskphone/recordings", description="Folder of finished recordings and their metadata."
    )
    format: Literal["opus", "flac", "wav"] = Field(
        default="opus", description="Kind of file: Ogg/Opus (small), FLAC (lossless) or WAV (lossless, large)."
    )
    memory: values.FolderName = Field(
        default="", description="Folder in memory (tmpfs) for recordings under way; empty = chosen by the phone."
    )
    low_water_mb: values.Megabytes = Field(
        default=50, description="Free megabytes under which the storage counts as full and a problem is reported."
    )


class Web(Section):
    """The HTTP interface."""

    listen: values.Listen = Field(default="127.0.0.1:8080", description="Address and port that HTTP is served on.")


class Log(Section):
    """The log."""

    level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="The least that is logged.")
    numbers: values.Switch = Field(default=False, description="Whether phone numbers appear in the log.")


class Config(Section):
    """The whole file. Every section and every key may be left out, but for `uri` in an account."""

    phone: Phone = Phone()
    sip: Sip = Sip()
    dialling: Dialling = Dialling()
    recording: Recording = Recording()
    notice: Notice = Notice()
    indicator: Indicator = Indicator()
    audio: Audio = Audio()
    storage: Storage = Storage()
    web: Web = Web()
    log: Log = Log()
