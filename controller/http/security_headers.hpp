// The protective headers every answer carries, errors and static files included. Pure.
#pragma once

#include <string_view>

#include "controller/http/message.hpp"

namespace runbook::http {

// For the pages of /ui: scripts, styles and connections from this origin only.
inline constexpr std::string_view kPagePolicy =
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'; form-action 'self'; "
    "require-trusted-types-for 'script'";
// For everything that is not a page.
inline constexpr std::string_view kDataPolicy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'";

// Adds what is missing: nosniff, Referrer-Policy, COOP and CORP, Content-Security-Policy (kPagePolicy for
// text/html), Cache-Control: no-store, and HSTS when the request came over TLS. A header the handler set
// stays as it is.
void add_security_headers(Headers& headers, bool secure);

}  // namespace runbook::http
