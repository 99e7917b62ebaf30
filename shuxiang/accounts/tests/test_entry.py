"""Codes, passwords and keys: used once, never kept in clear."""

from datetime import timedelta

import pytest

from shuxiang.accounts import keys
from shuxiang.accounts.messages import sentences
from shuxiang.accounts.models import Account, ApiToken, SignInCode
from shuxiang.accounts.services import (
    account_for_token,
    account_of_code,
    change_password,
    create_account,
    issue_api_token,
    issue_sign_in_code,
    redeem_sign_in_code,
    revoke_api_token,
    set_active,
)
from shuxiang.accounts.tests.conftest import AT, BY, PASSWORD, MakeAccount
from shuxiang.audit.models import Operation
from shuxiang.common.decisions import Refused


@pytest.fixture
def owner(db: None) -> Account:
    return create_account(username="owner", display_name="馆长", by=BY, at=AT)


def test_a_new_account_has_no_password_at_all(owner: Account) -> None:
    assert not owner.has_usable_password()
    assert not any(owner.check_password(guess) for guess in ("", "owner", "admin", "123456", "shuxiang"))


def test_a_code_sets_the_password_once(owner: Account) -> None:
    code = issue_sign_in_code(account=owner, by=BY, at=AT)
    assert account_of_code(code, AT) == owner
    assert redeem_sign_in_code(code=code, password=PASSWORD, at=AT).check_password(PASSWORD)
    with pytest.raises(Refused) as refused:
        redeem_sign_in_code(code=code, password=PASSWORD, at=AT)
    assert refused.value.codes == ("code_used",)


def test_a_code_is_read_however_it_is_typed(owner: Account) -> None:
    code = issue_sign_in_code(account=owner, by=BY, at=AT)
    sloppy = f" {code.lower().replace('-', ' ').replace('0', 'o').replace('1', 'l')} "
    assert account_of_code(sloppy, AT) == owner


def test_only_digests_are_kept(owner: Account) -> None:
    code = issue_sign_in_code(account=owner, by=BY, at=AT)
    token = issue_api_token(account=owner, name="大屏", by=BY, at=AT)
    kept = str(
        list(SignInCode.objects.values()) + list(ApiToken.objects.values()) + list(Operation.objects.values())
    )
    assert code not in kept
    assert token not in kept
    assert len(code.replace("-", "")) == 20
    assert keys.new_code() != keys.new_code()


def test_old_wrong_and_foreign_codes_open_nothing(owner: Account) -> None:
    code = issue_sign_in_code(account=owner, by=BY, at=AT)
    week = timedelta(days=7)
    for given, at, reason in (
        ("ZZZZZ-ZZZZZ-ZZZZZ-ZZZZZ", AT, "code_unknown"),
        ("", AT, "code_unknown"),
        (code, AT + week, "code_expired"),
    ):
        with pytest.raises(Refused) as refused:
            redeem_sign_in_code(code=given, password=PASSWORD, at=at)
        assert refused.value.codes == (reason,)
        assert all(sentences(refused.value))
    newer = issue_sign_in_code(account=owner, by=BY, at=AT)
    with pytest.raises(Refused):
        account_of_code(code, AT)
    set_active(account=owner, is_active=False, by=BY, at=AT)
    with pytest.raises(Refused) as refused:
        account_of_code(newer, AT)
    assert refused.value.codes == ("code_unknown",)


def test_a_one_time_code_never_opens_without_a_password(owner: Account) -> None:
    code = issue_sign_in_code(account=owner, by=BY, at=AT)
    with pytest.raises(Refused):
        redeem_sign_in_code(code=code, at=AT)
    assert account_of_code(code, AT) == owner


def test_a_demonstration_code_opens_again_and_again_and_sets_nothing(owner: Account) -> None:
    code = issue_sign_in_code(account=owner, is_reusable=True, by=BY, at=AT)
    assert [redeem_sign_in_code(code=code, at=AT) for _ in range(3)] == [owner] * 3
    with pytest.raises(Refused):
        redeem_sign_in_code(code=code, password=PASSWORD, at=AT)


@pytest.mark.parametrize("password", ["kurz9", "password", "1234567890", "librarian-one", ""])
def test_weak_passwords_are_refused_and_the_code_stays(password: str, db: None) -> None:
    account = create_account(username="librarian-one", display_name="馆员", by=BY, at=AT)
    code = issue_sign_in_code(account=account, by=BY, at=AT)
    with pytest.raises(Refused) as refused:
        redeem_sign_in_code(code=code, password=password, at=AT)
    assert refused.value.codes == ("password_weak",)
    assert sentences(refused.value)[0]
    account.refresh_from_db()
    assert not account.has_usable_password()
    assert account_of_code(code, AT) == account


def test_a_key_works_until_revoked_or_its_account_is_closed(make_account: MakeAccount) -> None:
    account = make_account()
    token = issue_api_token(account=account, name="大屏", by=BY, at=AT)
    assert account_for_token(token) == account
    assert [account_for_token(wrong) for wrong in ("", token[:-1], token.upper(), "sx_")] == [None] * 4
    set_active(account=account, is_active=False, by=BY, at=AT)
    assert account_for_token(token) is None
    set_active(account=account, is_active=True, by=BY, at=AT)
    revoke_api_token(token=ApiToken.objects.get(), by=BY, at=AT)
    assert account_for_token(token) is None


def test_every_change_of_a_password_is_in_the_audit_trail_without_it(make_account: MakeAccount) -> None:
    account = make_account()
    change_password(account=account, password="ein-anderes-9x", by=BY, at=AT)
    operation = Operation.objects.get(action="accounts.change_password")
    assert (operation.subject, operation.detail) == (f"accounts.account:{account.pk}", {})
