"""The one place in which templates are changed for the emulator, with the reason for each change."""

from __future__ import annotations

from typing import Any, Final

Json = dict[str, Any]
LEFT_OUT: Final = frozenset({"budget"})
"""Stacks of resources that the emulator does not know: AWS Budgets."""
UNKNOWN: Final = frozenset({"AWS::Cognito::ManagedLoginBranding"})
"""Kinds of resources that it does not know, in stacks that it does: how its pages to sign in look is its own."""
PATIENCE: Final = 180
"""Seconds that every function has at least, and that is waited for an answer of one."""


def fit(template: Json, public_url: str = "") -> Json:
    """The template as the emulator takes it. ``public_url``: what the home is called in answers and mails, where the
    REST suite asks it, which knows one name for all homes.
    """
    known = {name: each for name, each in template["Resources"].items() if each["Type"] not in UNKNOWN}
    template["Resources"] = known
    for each in known.values():
        if each["Type"] == "AWS::Lambda::Function":
            # A second of Lambda's is not one of a machine that runs other tests at the same time.
            each["Properties"]["Timeout"] = max(PATIENCE, each["Properties"].get("Timeout", 3))
            variables = each["Properties"].get("Environment", {}).get("Variables", {})
            if public_url and "AURORA_PUBLIC_URL" in variables:
                variables["AURORA_PUBLIC_URL"] = public_url
        if each["Type"] == "AWS::S3::BucketPolicy":
            # What its CloudFront fetches for a browser it takes for http, which the bucket refuses.
            policy = each["Properties"]["PolicyDocument"]
            policy["Statement"] = [one for one in policy["Statement"] if one["Effect"] != "Deny"]
    return template
