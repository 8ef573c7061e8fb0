"""Which addresses are one client: an IPv4 address, or an IPv6 network of one customer."""

import ipaddress

_V6_PREFIX_LENGTH = 64


def client_of(address: str) -> str:
    """Return the client of an address, by which connections and requests are counted."""
    if ":" not in address:
        return address
    try:
        whole = ipaddress.IPv6Address(address)
    except ValueError:
        return address
    if whole.ipv4_mapped:
        return str(whole.ipv4_mapped)
    return str(ipaddress.IPv6Network((whole.packed, _V6_PREFIX_LENGTH), strict=False))
