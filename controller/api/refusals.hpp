// Refusals by rights, as the audit trail tells of them.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "controller/api/call.hpp"
#include "controller/api/routes.hpp"

namespace runbook::api {

// Tells of `refusal` when it is one by rights: 403, and 401 or 429 to somebody who presented a key, a cookie
// or a sign-in link.
boost::asio::awaitable<void> tell_refusal(Call& call, const std::optional<Match>& match, const Route* route,
                                          const Error& refusal);

}  // namespace runbook::api
