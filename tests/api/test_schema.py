"""The service keeps to its own OpenAPI description, whatever is sent to it: schemathesis makes up the requests.

Every status, content type, reply and missing key is compared with the description; nothing may fail inside.
"""

from __future__ import annotations

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.config import SchemathesisConfig

from api import create_app, read_settings
from tests.api.conftest import KEY

#: What a schema cannot say: that a text must have a word, that a file must be a document, that `data` must hold JSON, that a
#: rule must be one of ours.
CONFIG = {"checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "400", "404", "422"]}}}
WITH_KEY = {"X-API-Key": KEY}
#: The same requests each time, so that the gate does not depend on luck. Delete `derandomize` to look for more.
EXAMPLES = settings(
    max_examples=40, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)


def described(**options: str) -> schemathesis.BaseSchema:
    """The description, with the application behind it; the model is loaded when that starts."""
    app = create_app(read_settings(model="small", allowed_hosts="testserver", **options))
    schema = schemathesis.openapi.from_dict(app.openapi(), config=SchemathesisConfig.from_dict(CONFIG))
    schema.app = app
    return schema


@described().parametrize()
@EXAMPLES
def test_open(case: Case) -> None:
    case.call_and_validate()


@described(api_key=KEY).parametrize()
@EXAMPLES
def test_with_a_key(case: Case) -> None:
    case.call_and_validate(headers=WITH_KEY)
