"""Storage of the static files in production."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ModuleStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Hashed file names, also in the imports between our JavaScript modules.

    With plain names in the imports, a page could combine new modules with cached old ones after an upgrade, and a
    module that both a template and an import name would be loaded twice. Django's own
    `support_js_module_import_aggregation` takes comments of third-party scripts for imports and fails, so only the
    scripts of `extraction` are rewritten.
    """

    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("extraction/*.js", ((r'(?P<matched>from "(?P<url>\.[^"]+)")', 'from "%(url)s"'),)),
    )
