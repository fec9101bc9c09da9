"""Registration with digest (RFC 3261 §10, §22) and the door for incoming calls."""

from collections.abc import Callable

import pjsua2 as pj

from deskphone.adapters.pjsip import reasons
from deskphone.adapters.pjsip.endpoint import media_transport, retry_seconds
from deskphone.adapters.pjsip.settings import AccountSettings, SipSettings


class Account(pj.Account):
    """One account, or the local identity when none is configured. Its callbacks run in the SIP thread."""

    def __init__(
        self, registered: Callable[[str, str | None], None], incoming: Callable[["Account", int], None]
    ) -> None:
        super().__init__()
        self._registered = registered
        self._incoming = incoming

    def open(self, settings: SipSettings, account: AccountSettings | None, port: int) -> None:
        """Create the account, and register when it has a registrar. Raises `pj.Error`."""
        config = pj.AccountConfig()
        media_transport(config, settings)
        config.callConfig.timerUse = pj.PJSUA_SIP_TIMER_OPTIONAL
        config.mediaConfig.srtpUse = pj.PJMEDIA_SRTP_DISABLED
        config.videoConfig.autoTransmitOutgoing = False
        if account is None:
            config.idUri = f"sip:deskphone@{settings.host}:{port}"
            config.regConfig.registerOnAdd = False
            self.create(config)
            return
        suffix = "" if settings.transport == "udp" else f";transport={settings.transport}"
        name = account.display_name.replace('"', "'")
        config.idUri = f'"{name}" <{account.uri}>' if name else account.uri
        config.regConfig.registrarUri = account.registrar or _registrar(account.uri) + suffix
        config.regConfig.timeoutSec = settings.registration_seconds
        config.regConfig.retryIntervalSec = retry_seconds()
        config.regConfig.firstRetryIntervalSec = 2
        config.regConfig.randomRetryIntervalSec = 5
        config.sipConfig.authCreds.append(pj.AuthCredInfo("digest", "*", account.username, 0, account.password))
        if account.proxy:
            config.sipConfig.proxies.append(account.proxy)
        if settings.transport == "tls":
            config.mediaConfig.srtpUse = pj.PJMEDIA_SRTP_OPTIONAL
            config.mediaConfig.srtpSecureSignaling = 1
        self._registered("registering", None)
        self.create(config)

    def onRegState(self, prm: pj.OnRegStateParam) -> None:
        """Called by the library whenever the registrar has answered, or has not."""
        if prm.code // 100 == 2:
            self._registered("registered" if prm.expiration > 0 else "none", None)
        else:
            self._registered("failed", reasons.registration_failed(prm.code))

    def onIncomingCall(self, prm: pj.OnIncomingCallParam) -> None:
        """Called by the library for an INVITE."""
        self._incoming(self, prm.callId)


def _registrar(uri: str) -> str:
    scheme, _, rest = uri.partition(":")
    return f"{scheme}:{rest.rpartition('@')[2].partition(';')[0]}"
