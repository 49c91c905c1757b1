"""Pages that a browser would see: the home page, refusals, a theme's 404."""

import base64
import html

from simulators.woocommerce.exchange import Reply, page
from simulators.woocommerce.settings import ShopSettings
from simulators.woocommerce.versions import Version

HTML = "text/html; charset=UTF-8"
NO_TRANSFORM = "no-transform, no-cache, no-store, must-revalidate"
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def not_cached(version: Version) -> list[tuple[str, str]]:
    """What is said of pages that nobody shall keep."""
    words = NO_TRANSFORM if version.no_transform else version.wp.not_cached
    found = [("Expires", "Wed, 11 Jan 1984 05:00:00 GMT"), ("Cache-Control", words)]
    return [*found, ("Last-Modified", "")] if version.wp.empty_last_modified else found


def api_root(settings: ShopSettings, home: str) -> str:
    """The address of the API's root."""
    if settings.pretty_permalinks:
        return f"{home}/wp-json/"
    index = "index.php" if settings.version.wp.index_php_root else ""
    return f"{home}/{index}?rest_route=/"


def home_page(settings: ShopSettings, home: str, api: str) -> Reply:
    """`api`: the address of the API root, told in a header as well."""
    name = html.escape(settings.name)
    version = settings.version
    api_tag = f'<link rel="https://api.w.org/" href="{api}" />' if version.wp.rest else ""
    text = (
        f'<!DOCTYPE html>\n<html lang="{settings.language.replace("_", "-")}">\n<head>\n'
        '\t<meta charset="UTF-8" />\n'
        f"<title>{name}</title>\n"
        f'{api_tag}<meta name="generator" content="WordPress {version.wordpress}" />\n'
        f'<meta name="generator" content="WooCommerce {version.woocommerce}" />\n'
        '</head>\n<body class="home blog woocommerce-no-js">\n'
        f'<h1><a href="{home}">{name}</a></h1>\n'
        "</body>\n</html>\n"
    )
    return page(200, text, *_links(version, api), kind=HTML)


def _links(version: Version, api: str) -> list[tuple[str, str]]:
    return [("Link", api_link(api))] if version.wp.rest else []


def api_link(api: str) -> str:
    return f'<{api}>; rel="https://api.w.org/"'


def not_found(settings: ShopSettings, api: str) -> Reply:
    text = (
        "<!DOCTYPE html>\n<html>\n<head>\n<title>Page not found &#8211; "
        f"{html.escape(settings.name)}</title>\n</head>\n"
        '<body class="error404"><h1>Page not found</h1></body>\n</html>\n'
    )
    version = settings.version
    return page(404, text, *_links(version, api), *not_cached(version), kind=HTML)


def refusal(
    version: Version, message: str, status: int = 401, title: str = "Access denied"
) -> Reply:
    """`wp_die`."""
    text = (
        "<!DOCTYPE html>\n<html>\n<head>\n"
        "\t<meta name='robots' content='max-image-preview:large, noindex, follow' />\n"
        f'\t<title>{title}</title>\n</head>\n<body id="error-page">\n'
        f'\t<div class="wp-die-message">{_escaped(message)}</div></body>\n</html>\n\t'
    )
    return page(status, text, *not_cached(version), kind=HTML)


def _escaped(text: str) -> str:
    return html.escape(text).replace("&#x27;", "&#039;")


def sent_on(version: Version, status: int, target: str, *headers: tuple[str, str]) -> Reply:
    """A redirect that WordPress itself makes."""
    by = [("X-Redirect-By", "WordPress")] if version.wp.says_redirects else []
    return page(status, "", *by, ("Location", target), *headers, kind=HTML)


def picture() -> Reply:
    return Reply(200, PICTURE, [("Content-Type", "image/png")])
