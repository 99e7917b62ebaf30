"""One-time codes and keys for programs: made here, kept only as digests."""

import hashlib
import secrets

# Letters and digits that nobody mistakes for one another on paper (Crockford's base 32).
_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans("OIL", "011")
_CODE_SIGNS = 20  # 100 bits: guessing is hopeless without any throttle
TOKEN_PREFIX = "sx_"  # noqa: S105  lets a scanner of leaked secrets know ours


def new_code() -> str:
    """A code to read off a screen or paper: four groups of five."""
    signs = "".join(secrets.choice(_SIGNS) for _ in range(_CODE_SIGNS))
    return "-".join(signs[at : at + 5] for at in range(0, _CODE_SIGNS, 5))


def new_token() -> str:
    """A key for a program, 256 bits."""
    return TOKEN_PREFIX + secrets.token_urlsafe(32)


def code_digest(code: str) -> str:
    """The digest of a code however it was typed: small letters, spaces, O for 0."""
    plain = "".join(sign for sign in code.upper() if sign.isalnum()).translate(_MISREAD)
    return hashlib.sha256(plain.encode()).hexdigest()


def token_digest(token: str) -> str:
    return hashlib.sha256(token.strip().encode()).hexdigest()
