"""Pages: layouts, components, menu, flash messages, error pages and the headers that go with them.

How a page is built stands in ``docs/components.md``. Knows nothing of the town: rooms register their menu entries here.
"""
