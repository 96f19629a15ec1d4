"""What browsers come to: the web app's files and the API under one address, so that nothing is asked across origins."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import aws_cdk as cdk
from aws_cdk import aws_certificatemanager as certificates
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_s3 as s3
from constructs import Construct

from aurora_time.aws.large import AT as LAID_AT
from infra.settings import Deployment, environment
from infra.stacks.app import AppStack, Below
from infra.stacks.told import headers, told

_PATHS: Final = Path(__file__).with_name("paths.js")
_HSTS: Final = cdk.Duration.days(365)
_KEPT_BY_ITSELF: Final = (403, 404, 405, 414, 500, 501, 502, 503, 504)
"""Errors that CloudFront keeps for ten seconds where nobody says otherwise, whatever the answer says of itself, for all
who ask for that path: it would tell one person's 503, or that a file is not there yet, to others.
"""


class WebStack(cdk.Stack):
    """The files are put into the bucket by `make deploy`, with their Cache-Control; ``Config`` is one of them."""

    def __init__(self, scope: Construct, deployment: Deployment, below: Below, app: AppStack) -> None:
        super().__init__(scope, f"{deployment.prefix}-web", env=environment(deployment))
        self.add_stack_dependency(app)
        self.bucket = self._bucket("Files", f"{deployment.prefix}-web-{deployment.account}")
        self.answers = self._bucket("Answers", deployment.answers, cdk.Duration.days(1))
        self.distribution = self._distribution(deployment, app)
        cdk.CfnOutput(self, "Bucket", value=self.bucket.bucket_name)
        cdk.CfnOutput(self, "Distribution", value=self.distribution.distribution_id)
        cdk.CfnOutput(self, "Name", value=self.distribution.distribution_domain_name)
        cdk.CfnOutput(self, "Config", value=self.to_json_string(told(below)))

    def _bucket(self, name: str, bucket: str, kept: cdk.Duration | None = None) -> s3.Bucket:
        """It holds what is made again, by a build or when it is asked for, so it goes with its stack."""
        return s3.Bucket(
            self,
            name,
            bucket_name=bucket,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            removal_policy=cdk.RemovalPolicy.DESTROY,
            lifecycle_rules=[
                s3.LifecycleRule(abort_incomplete_multipart_upload_after=cdk.Duration.days(1), expiration=kept)
            ],
        )

    def _distribution(self, deployment: Deployment, app: AppStack) -> cloudfront.Distribution:
        """Everything is asked of the API but the app's files, whose pages are asked for anew each time."""
        paths = self._paths(deployment)
        answers = self._headers(deployment)
        files = origins.S3BucketOrigin.with_origin_access_control(self.bucket)
        pages = cloudfront.BehaviorOptions(
            origin=files,
            cache_policy=self._asked_each_time(deployment),
            response_headers_policy=answers,
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
            function_associations=[paths],
        )
        assets = cloudfront.BehaviorOptions(
            origin=files,
            cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED,
            response_headers_policy=answers,
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        )
        gateway = origins.HttpOrigin(f"{app.api.api_id}.execute-api.{self.region}.{self.url_suffix}")
        others, api = self._of_gateway(gateway, paths), self._of_gateway(gateway)
        return cloudfront.Distribution(
            self,
            "Front",
            comment=deployment.prefix,
            default_behavior=others,
            additional_behaviors={
                "/v1/*": api,
                "/app/assets/*": assets,
                "/app/*": pages,
                "/config.json": pages,
                "/static/*": self._of_pages(gateway),
                f"/{LAID_AT}*": self._laid(answers, paths),
            },
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            price_class=cloudfront.PriceClass.PRICE_CLASS_ALL,
            minimum_protocol_version=cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
            domain_names=[deployment.domain] if deployment.web.certificate else None,
            certificate=self._certificate(deployment.web.certificate),
            error_responses=[
                cloudfront.ErrorResponse(http_status=each, ttl=cdk.Duration.seconds(0)) for each in _KEPT_BY_ITSELF
            ],
        )

    def _of_pages(self, origin: cloudfront.IOrigin) -> cloudfront.BehaviorOptions:
        """What the pages for strangers are made of: a name holds its content's hash, so the edge keeps it."""
        return cloudfront.BehaviorOptions(
            origin=origin,
            cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED,
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        )

    def _laid(
        self, headers: cloudfront.ResponseHeadersPolicy, paths: cloudfront.FunctionAssociation
    ) -> cloudfront.BehaviorOptions:
        """Answers too large for a function, each at an address that is good for some minutes (paths.js)."""
        return cloudfront.BehaviorOptions(
            origin=origins.S3BucketOrigin.with_origin_access_control(self.answers),
            cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
            response_headers_policy=headers,
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
            function_associations=[paths],
        )

    def _of_gateway(
        self, gateway: cloudfront.IOrigin, *functions: cloudfront.FunctionAssociation
    ) -> cloudfront.BehaviorOptions:
        """What the gateway answers. A function at the edge is paid for by the call, and the API has no use for one."""
        return cloudfront.BehaviorOptions(
            origin=gateway,
            allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
            cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
            origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
            function_associations=list(functions) or None,
        )

    def _certificate(self, arn: str) -> certificates.ICertificate | None:
        return certificates.Certificate.from_certificate_arn(self, "Certificate", arn) if arn else None

    def _paths(self, deployment: Deployment) -> cloudfront.FunctionAssociation:
        function = cloudfront.Function(
            self,
            "Paths",
            function_name=f"{deployment.prefix}-paths",
            code=cloudfront.FunctionCode.from_inline(_PATHS.read_text(encoding="utf-8")),
            runtime=cloudfront.FunctionRuntime.JS_2_0,
        )
        return cloudfront.FunctionAssociation(function=function, event_type=cloudfront.FunctionEventType.VIEWER_REQUEST)

    def _asked_each_time(self, deployment: Deployment) -> cloudfront.CachePolicy:
        """As long as the file's own Cache-Control says: none of what is not hashed. So no deployment has to wait."""
        return cloudfront.CachePolicy(
            self,
            "AsFilesSay",
            cache_policy_name=f"{deployment.prefix}-as-files-say",
            min_ttl=cdk.Duration.seconds(0),
            default_ttl=cdk.Duration.seconds(0),
            max_ttl=cdk.Duration.days(365),
            enable_accept_encoding_brotli=True,
            enable_accept_encoding_gzip=True,
        )

    def _headers(self, deployment: Deployment) -> cloudfront.ResponseHeadersPolicy:
        """Those that the server of one machine sends, and that this name is asked by HTTPS alone."""
        raw = headers(deployment)
        raw.pop("X-Content-Type-Options")  # nosniff is all that it can say
        security = cloudfront.ResponseSecurityHeadersBehavior(
            content_security_policy=cloudfront.ResponseHeadersContentSecurityPolicy(
                content_security_policy=raw.pop("Content-Security-Policy"), override=True
            ),
            content_type_options=cloudfront.ResponseHeadersContentTypeOptions(override=True),
            frame_options=cloudfront.ResponseHeadersFrameOptions(
                frame_option=cloudfront.HeadersFrameOption[raw.pop("X-Frame-Options")], override=True
            ),
            referrer_policy=cloudfront.ResponseHeadersReferrerPolicy(
                referrer_policy=cloudfront.HeadersReferrerPolicy[raw.pop("Referrer-Policy").replace("-", "_").upper()],
                override=True,
            ),
            strict_transport_security=cloudfront.ResponseHeadersStrictTransportSecurity(
                access_control_max_age=_HSTS, override=True
            ),
        )
        others = [
            cloudfront.ResponseCustomHeader(header=name, value=value, override=True) for name, value in raw.items()
        ]
        return cloudfront.ResponseHeadersPolicy(
            self,
            "Strict",
            response_headers_policy_name=f"{deployment.prefix}-strict",
            security_headers_behavior=security,
            custom_headers_behavior=cloudfront.ResponseCustomHeadersBehavior(custom_headers=others),
        )
