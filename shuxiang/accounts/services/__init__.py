"""Acts on accounts: made, granted, given codes, passwords and keys."""

from shuxiang.accounts.services.entry import (
    account_for_token,
    account_of_code,
    change_password,
    issue_api_token,
    issue_sign_in_code,
    redeem_sign_in_code,
    revoke_api_token,
)
from shuxiang.accounts.services.kiosks import (
    KioskValues,
    issue_kiosk_code,
    register_kiosk,
    revoke_kiosk,
    save_kiosk,
)
from shuxiang.accounts.services.people import (
    copy_role,
    create_account,
    end_grant,
    end_grants,
    give_back_grants,
    grant,
    set_active,
)

__all__ = [
    "KioskValues",
    "account_for_token",
    "account_of_code",
    "change_password",
    "copy_role",
    "create_account",
    "end_grant",
    "end_grants",
    "give_back_grants",
    "grant",
    "issue_api_token",
    "issue_kiosk_code",
    "issue_sign_in_code",
    "redeem_sign_in_code",
    "register_kiosk",
    "revoke_api_token",
    "revoke_kiosk",
    "save_kiosk",
    "set_active",
]
