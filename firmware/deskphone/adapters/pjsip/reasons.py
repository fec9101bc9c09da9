"""SIP status codes (RFC 3261 §21) as reasons that a person understands."""

from deskphone.core.call import EndReason

_BY_CODE = {
    400: EndReason.BAD_NUMBER,
    401: EndReason.NOT_ALLOWED,
    403: EndReason.NOT_ALLOWED,
    404: EndReason.NOT_FOUND,
    407: EndReason.NOT_ALLOWED,
    408: EndReason.UNREACHABLE,
    410: EndReason.NOT_FOUND,
    415: EndReason.NO_MEDIA,
    416: EndReason.BAD_NUMBER,
    480: EndReason.NO_ANSWER,
    481: EndReason.PEER_GONE,
    484: EndReason.BAD_NUMBER,
    486: EndReason.BUSY,
    488: EndReason.NO_MEDIA,
    502: EndReason.UNREACHABLE,
    503: EndReason.UNREACHABLE,
    504: EndReason.UNREACHABLE,
    600: EndReason.BUSY,
    603: EndReason.DECLINED,
    604: EndReason.NOT_FOUND,
    606: EndReason.NO_MEDIA,
}

_REGISTRATION = {
    401: "wrong-password",
    403: "registrar-refused",
    404: "account-not-found",
    407: "wrong-password",
    408: "registrar-unreachable",
    502: "registrar-unreachable",
    503: "registrar-unreachable",
    504: "registrar-unreachable",
}


def call_ended(code: int, *, incoming: bool, answered: bool, rang: bool) -> EndReason:
    """Why a call ended that we did not end ourselves; `code` is the last status of its INVITE or BYE."""
    if answered:
        return EndReason.PEER_GONE if code in (408, 481, 502, 503, 504) else EndReason.HANGUP_REMOTE
    if incoming:
        return EndReason.MISSED
    if code == 408 and rang:
        return EndReason.NO_ANSWER
    return _BY_CODE.get(code, EndReason.FAILED)


def registration_failed(code: int) -> str:
    """Why the registrar does not have us, as a `Words` token."""
    return _REGISTRATION.get(code, "registrar-unreachable" if code >= 500 or code == 0 else "registrar-refused")
