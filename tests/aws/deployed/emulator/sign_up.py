"""Run in the emulator before it starts: who signs up at its user pools is asked for what Cognito asks for.

The emulator mails one code for everybody in its own words, takes any other too, and asks no trigger. Here the function
that the pool's template names is asked for the words (CustomMessage), the mailed code alone is taken, the address is
verified by it where the template says so, and the function is told who has come (PostConfirmation).
"""

from __future__ import annotations

import secrets
from typing import Any

from ministack.services import cognito, lambda_svc

Json = dict[str, Any]
_usual_mail, _usual_confirm = cognito._send_verification_email, cognito._confirm_sign_up


def _mail(pool: Json, username: str, attributes: Json, code: str, attribute_name: str = "email") -> object:
    """A new code for each sign-up. That of a forgotten password stays what the emulator has for it."""
    user, _ = cognito._resolve_user(pool, username)
    source = "CustomMessage_ForgotPassword"
    if attribute_name == "email":
        again = user.get("_mailed")
        source = "CustomMessage_ResendCode" if again else "CustomMessage_SignUp"
        code = user["_mailed"] = user["_confirmation_code"] = again or f"{secrets.randbelow(10**6):06}"
    words = cognito._apply_custom_message_trigger(pool, source, username, attributes)
    if not words.get("emailMessage"):
        return _usual_mail(pool, username, attributes, code, attribute_name)
    subject, body = (words[each].replace("{####}", code) for each in ("emailSubject", "emailMessage"))
    return cognito._deliver_cognito_email(pool, attributes["email"], subject, body, "CognitoVerificationMessage")


def _confirm(data: Json) -> object:
    refused = cognito._confirmation_code_error("ConfirmSignUp", data)
    if refused:
        return refused
    answer = _usual_confirm(data)
    pool, _ = cognito._pool_for_client(data["ClientId"])
    user, _ = cognito._resolve_user(pool, data["Username"])
    if "email" in pool.get("AutoVerifiedAttributes", ()):
        verified = [{"Name": "email_verified", "Value": "true"}]
        user["Attributes"] = cognito._merge_attributes(user["Attributes"], verified)
    return _tell(pool, data["ClientId"], user) or answer


def _tell(pool: Json, client_id: str, user: Json) -> object:
    """The error with which the trigger fails the request, or None."""
    name = pool.get("LambdaConfig", {}).get("PostConfirmation")
    if not name:
        return None
    attributes = cognito._attr_list_to_dict(user["Attributes"])
    event = cognito._build_presignup_event(
        pool["Id"], client_id, user["Username"], attributes, "PostConfirmation_ConfirmSignUp"
    )
    event |= {"request": {"userAttributes": event["request"]["userAttributes"]}, "response": {}}
    function, config, _ = lambda_svc._get_func_record_for_ref(name)
    made = lambda_svc._execution_record_for_config(function, config)
    result = lambda_svc._execute_function_with_config_scope(made, event)
    if result.get("error"):
        return cognito.error_response_json("UserLambdaValidationException", str(result.get("body")), 400)
    return None


cognito._send_verification_email, cognito._confirm_sign_up = _mail, _confirm
