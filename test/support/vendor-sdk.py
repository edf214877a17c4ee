"""Makes the calls of calls.json with the vendor's SDK, and writes what each came to, as JSON."""

import importlib
import json
import re
import sys

from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.exceptions.exceptions import ServiceResponseException
from huaweicloudsdkcore.region.region import Region


def client_of(module, call):
    credentials = BasicCredentials(call["accessKey"], call["secretKey"], call.get("projectId"))
    builder = getattr(module, call["client"]).new_builder()
    if "projectId" in call:
        builder = builder.with_endpoint(call["endpoint"])
    else:
        credentials = credentials.with_iam_endpoint(call["iam"])
        builder = builder.with_region(Region(call["region"], call["endpoint"]))
    return builder.with_credentials(credentials).build()


def answer_to(call):
    module = importlib.import_module("huaweicloudsdk" + call["module"])
    method = re.sub(r"(?<!^)(?=[A-Z])", "_", call["action"]).lower()
    request = getattr(module, call["action"] + "Request")(**call["parameters"])
    try:
        response = getattr(client_of(module, call), method)(request)
    except ServiceResponseException as refusal:
        return {
            "status": refusal.status_code,
            "code": refusal.error_code,
            "message": refusal.error_msg,
        }
    return {"status": response.status_code, "body": response.to_dict()}


with open("calls.json", encoding="utf-8") as calls:
    json.dump([answer_to(call) for call in json.load(calls)], sys.stdout, default=float)
