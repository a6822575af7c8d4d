"""May we take this page, and what is in it? The only door to the web.

In:    addresses with the source they belong to, and the gather settings.
Out:   pages free of transfer coding, the decisions made, and the robots.txt and tdmrep.json they were made on.
Never: a private address that was not allowed by name, more bytes or seconds than allowed, cookies, scripts.
"""

from ortaq.gather.fetch.fetcher import Fetcher, NotModified, user_agent
from ortaq.gather.fetch.hosts import TooSoon
from ortaq.gather.fetch.robots import html_reserves_tdm

__all__ = ["Fetcher", "NotModified", "TooSoon", "html_reserves_tdm", "user_agent"]
