"""What a scanner or an input method may deliver, made plain."""


def clean_scan(text: str) -> str:
    raise NotImplementedError
