"""The errors that operations may answer with, for the description of the API."""

from longshore.web.api.problems import Problem

ERRORS = dict.fromkeys((400, 401, 403, 404, 422, 429, 500), Problem)
WRITE_ERRORS = {**ERRORS, **dict.fromkeys((409, 413, 415), Problem)}
