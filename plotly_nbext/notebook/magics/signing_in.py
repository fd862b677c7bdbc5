"""The sub-commands of ``%plotly_grid`` that choose a server and who one is there."""

from __future__ import annotations

from argparse import SUPPRESS
from typing import TYPE_CHECKING, Any, Final

from IPython.core.magic_arguments import argument

from plotly_nbext.notebook.magics.parser import command_line
from plotly_nbext.notebook.magics.usage import UsageError

if TYPE_CHECKING:
    from argparse import Namespace

    from plotly_nbext.accounts import Account
    from plotly_nbext.notebook.magics.scope import Scope
    from plotly_nbext.notebook.magics.server_table import ServerTable

__all__ = ["login", "logout", "servers", "whoami"]

EXAMPLE: Final = "%plotly_grid login https://charts.example.org -u alice"
_HERE: Final = "this machine's own service"


@command_line("plotly_grid login", example=EXAMPLE)
@argument("server", nargs="?", type=str, help="its address, its name, or local")
@argument("refused", nargs="*", help=SUPPRESS)  # to be refused without being repeated
@argument("-u", "--user", type=str, help="who you are there; asked for where nobody knows")
@argument("--name", type=str, help="what to call the server from now on")
@argument("--keyring", action="store_true", help="keep the key in your keyring")
@argument(
    *("-k", "-p", "--api-key", "--api_key", "--apikey", "--key", "--password", "--token"),
    dest="refused_option",
    nargs="?",
    const="",
    help=SUPPRESS,  # as above
)
def login(args: Namespace, _scope: Scope) -> None:
    """Sign in to a server; the calls of this notebook go there from now on.

    The API key is asked for where none is known, and is neither shown nor kept in the notebook.
    Without --keyring it is kept until the kernel ends.

    ::

        %plotly_grid login https://charts.example.org -u alice
        %plotly_grid login https://charts.example.org -u alice --name team --keyring
        %plotly_grid login team
        %plotly_grid login local
    """
    __tracebackhide__ = True
    if args.refused or args.refused_option is not None:
        raise UsageError(
            "login takes no API key on its line: the line is kept in the notebook and in the "
            "history of your cells.",
            hint="Leave it out, and it is asked for where it is not shown. If others can see this "
            "notebook, get a new key.",
        )
    # Not before they are needed: the client brings pandas and requests.
    from plotly_nbext import accounts, api
    from plotly_nbext.accounts.servers import checked_name
    from plotly_nbext.notebook.magics.asking import ask_username, sign_in

    name = checked_name(args.name) if args.name else ""
    target = accounts.find_target(args.server)
    if target is None or accounts.is_local_service(target.url):
        if args.server is None:
            raise UsageError(
                "login takes the address or the name of a server.", hint=f"For example: {EXAMPLE}"
            )
        if args.user or name or args.keyring:
            raise UsageError(
                f"login {accounts.LOCAL} takes no options: {_HERE} knows you by your own files.",
                hint=f"Write: %plotly_grid login {accounts.LOCAL}",
            )
        api.connect(accounts.LOCAL)
        print(f"Signed in to {_HERE}.")  # noqa: T201 - the cell's output
        return
    username = accounts.checked_username(args.user) or target.username or ask_username(target.url)
    told = sign_in(target.url, username, name or target.name, keyring=args.keyring)
    print(told)  # noqa: T201 - as above


@command_line("plotly_grid logout", example="%plotly_grid logout team")
@argument("server", nargs="?", type=str, help="its address or name; by default the current one")
@argument("--forget", action="store_true", help="forget its name, too")
def logout(args: Namespace, _scope: Scope) -> None:
    """Forget the key of a server: of this session, and in your keyring.

    ::

        %plotly_grid logout
        %plotly_grid logout team --forget
    """
    __tracebackhide__ = True
    from plotly_nbext import accounts, api
    from plotly_nbext.errors import AuthError
    from plotly_nbext.notebook.magics.asking import sign_out

    current = _current_url()
    if args.server is None:
        url = current
    else:
        target = accounts.find_target(args.server)
        url = target.url if target else None
    if url is None:
        raise UsageError(
            f"{_HERE.capitalize()} is nothing to sign out of.",
            hint="`%plotly_grid servers` lists the others.",
        )
    if current == url:  # at once: a keyring may not open
        api.disconnect()
    told = sign_out(url, forget=args.forget)
    if current == url:
        try:
            told += f" Calls go to {_place(api.current_account())} now."
        except AuthError:  # the environment or a file names a server, and no key
            told += " The next call needs a login."
    print(told)  # noqa: T201 - as above


@command_line("plotly_grid whoami", example="%plotly_grid whoami")
@argument("server", nargs="?", type=str, help="its address or name; by default the current one")
def whoami(args: Namespace, _scope: Scope) -> None:
    """Ask the server who you are.

    ::

        %plotly_grid whoami
        %plotly_grid whoami team
    """
    __tracebackhide__ = True
    from plotly_nbext import accounts, api

    if args.server is None:
        client, account = api.current_client(), api.current_account()
    else:
        account = accounts.resolve(args.server)
        client = api.connect(args.server, current=False)
    print(f"{client.whoami()} at {_place(account)}")  # noqa: T201 - as above


@command_line("plotly_grid servers", example="%plotly_grid servers")
def servers(_args: Namespace, _scope: Scope) -> ServerTable:
    """List the servers that are known, the current one with a star.

    ::

        %plotly_grid servers
    """
    __tracebackhide__ = True
    from plotly_nbext import api
    from plotly_nbext.accounts.listing import known_servers
    from plotly_nbext.errors import AuthError
    from plotly_nbext.notebook.magics.server_table import ServerTable

    known = known_servers()
    try:
        current: Any = api.current_account()
    except AuthError:  # what the environment or a file names lacks a key, as the table tells
        return ServerTable(known, nobody=True)
    return ServerTable(known, current)


def _current_url() -> str | None:
    """Tell where calls go, also where they lack a key; None for this machine's own service."""
    from plotly_nbext import accounts, api
    from plotly_nbext.errors import AuthError

    try:
        current: Any = api.current_account()
    except AuthError:
        current = accounts.find_target()
    return current.url if current else None


def _place(account: Account | None) -> str:
    return account.url if account else _HERE
