"""What rooms add to a room below: modules loaded with the first question, not when the program starts."""

import threading

from django.utils.module_loading import autodiscover_modules


class Discovery:
    """Each room's modules of these names, loaded once; a call returns when they are, whoever loads them."""

    def __init__(self, *modules: str) -> None:
        self._modules = modules
        self._lock = threading.RLock()
        self._is_begun = self._is_done = False

    def __call__(self) -> None:
        if self._is_done:
            return
        with self._lock:
            if self._is_begun:  # done meanwhile, or a module asks while it is being loaded
                return
            self._is_begun = True
            try:
                autodiscover_modules(*self._modules)
                self._is_done = True
            finally:
                self._is_begun = self._is_done
