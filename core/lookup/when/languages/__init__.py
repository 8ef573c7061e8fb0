"""Words for days and times, a module a language; `core.lookup.when.vocabulary` joins them."""
