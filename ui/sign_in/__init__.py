"""Ways of signing in, each behind `way.SignIn`: at an OpenID provider, through a proxy, or as an invented person."""

from settings import get_settings
from ui.sign_in.demo import DemoSignIn
from ui.sign_in.oidc import OidcSignIn
from ui.sign_in.proxy import ProxySignIn
from ui.sign_in.way import SignIn


def make_sign_in() -> SignIn:
    """The way of signing in that the settings name."""
    settings = get_settings()
    if settings.auth_mode == "oidc":
        return OidcSignIn(settings)
    if settings.auth_mode == "proxy":
        return ProxySignIn(settings)
    return DemoSignIn()
