"""Run in the emulator before it starts: an address is changed at its user pools as at Cognito's.

The emulator takes another address at once and knows nothing of VerifyUserAttribute. Here a code is mailed to the new
one, in the words of the function that the pool's template names, and the old one stays until that code is shown, where
the template says so.
"""

from __future__ import annotations

import secrets
from typing import Any

from ministack.core.concurrency import run_reentrant
from ministack.services import cognito

Json = dict[str, Any]
_usual_dispatch, _usual_update = cognito._dispatch_idp, cognito._update_user_attributes
_NOBODY = ("NotAuthorizedException", "Invalid access token.", 400)
_SOURCE = "CustomMessage_UpdateUserAttribute"


def _update(data: Json) -> object:
    user, pool = cognito._user_pool_for_access_token(data.get("AccessToken"))
    if not user:
        return cognito.error_response_json(*_NOBODY)
    wanted = cognito._attr_list_to_dict(data["UserAttributes"])
    email = wanted.pop("email", "")
    if email:
        told = pool.get("UserAttributeUpdateSettings", {})
        assert "email" in told.get("AttributesRequireVerificationBeforeUpdate", ()), "else it would be taken at once"
        _mail(pool, user, email)
    return _usual_update({**data, "UserAttributes": [{"Name": name, "Value": wanted[name]} for name in wanted]})


def _mail(pool: Json, user: Json, email: str) -> None:
    code = f"{secrets.randbelow(10**6):06}"
    user["_new_address"] = email, code
    attributes = {**cognito._attr_list_to_dict(user["Attributes"]), "email": email}
    words = cognito._apply_custom_message_trigger(pool, _SOURCE, user["Username"], attributes)
    subject, body = (words[each].replace("{####}", code) for each in ("emailSubject", "emailMessage"))
    cognito._deliver_cognito_email(pool, email, subject, body, "CognitoVerificationMessage")


def _verify(data: Json) -> object:
    user, pool = cognito._user_pool_for_access_token(data.get("AccessToken"))
    if not user:
        return cognito.error_response_json(*_NOBODY)
    email, code = user.get("_new_address", ("", ""))
    refused = cognito._code_error(code, data["Code"])
    if refused:
        return refused
    other, _ = cognito._resolve_user(pool, email)
    if other not in (None, user):
        return cognito.error_response_json("AliasExistsException", "An account with the email already exists.", 400)
    del user["_new_address"]
    verified = [{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}]
    user["Attributes"] = cognito._merge_attributes(user["Attributes"], verified)
    return cognito.json_response({})


async def _dispatch(action: str, data: Json) -> Any:
    own = {"UpdateUserAttributes": _update, "VerifyUserAttribute": _verify}.get(action)
    if own is None:
        return await _usual_dispatch(action, data)
    return await run_reentrant(cognito._run_idp_handler, own, action, data, thread_name="own-cognito")


cognito._UNSIGNED_IDP_ACTIONS.add("VerifyUserAttribute")
cognito._dispatch_idp = _dispatch
