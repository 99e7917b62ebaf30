"""A browser as far as the server can tell: one connection kept open, cookies, forms as the page's own script sends them."""

import http.client
import re
from urllib.parse import urlencode, urlsplit

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Browser:
    """Signed in once `enter` was called."""

    def __init__(self, address: str) -> None:
        self.host = urlsplit(address).netloc
        self.connection = http.client.HTTPConnection(self.host, timeout=120)
        self.cookies: dict[str, str] = {}
        self.token = ""

    def ask(self, method: str, path: str, body: str | None = None, **headers: str) -> tuple[int, str, bytes]:
        """Status, where it leads to, and what came."""
        head = {**headers, "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            head |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "HX-Request": "true",
                "X-CSRFToken": self.token,
            }
        self.connection.request(method, path, body, head)
        answer = self.connection.getresponse()
        content = answer.read()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, answer.headers.get("Location") or "", content

    def get(self, path: str, **headers: str) -> bytes:
        """The page. Raises RuntimeError for anything but a page: a refusal or a way elsewhere is quick to make."""
        status, there, content = self.ask("GET", path, **headers)
        if status != http.client.OK:
            raise RuntimeError(f"{path} gave {status} {there}")
        return content

    def enter(self, sign_in_code: str) -> None:
        """Sign in and open the desk."""
        _status, there, _content = self.ask("GET", f"/desk/enter/{sign_in_code}")
        page = self.get("/desk/").decode()
        found = TOKEN.search(page)
        if found is None:
            raise RuntimeError(f"no desk: signing in led to {there}")
        self.token = found[1]

    def post(self, path: str, **fields: str) -> bytes:
        """Raises RuntimeError for anything but an answer."""
        status, there, content = self.ask("POST", path, urlencode(fields))
        if status != http.client.OK:
            raise RuntimeError(f"{path} gave {status} {there}")
        return content
