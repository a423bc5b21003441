"""The cache: Redis, and the database for as long as Redis cannot be reached.

The limits on signing in count in the cache. Were they to fail with Redis, nobody could sign in; were they
to be skipped, anybody could guess passwords. The database counts across processes too, only slower.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

METHODS = (
    "add", "get", "set", "touch", "delete", "has_key", "incr",
    "get_many", "set_many", "delete_many", "clear",
)  # fmt: skip


def _with_fallback(name: str) -> Callable[..., Any]:
    def method(self: RedisOrDatabaseCache, *args: Any, **kwargs: Any) -> Any:
        try:
            return getattr(RedisCache, name)(self, *args, **kwargs)
        except RedisError as error:
            logger.warning(
                "Redis does not answer (%s): the database cache stands in", type(error).__name__
            )
            return getattr(caches["database"], name)(*args, **kwargs)

    method.__name__ = name
    return method


class RedisOrDatabaseCache(RedisCache):
    """Django's own Redis cache; each call that Redis does not answer goes to the cache ``database``."""


for _name in METHODS:
    setattr(RedisOrDatabaseCache, _name, _with_fallback(_name))
