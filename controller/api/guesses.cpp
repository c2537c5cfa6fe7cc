#include "controller/api/guesses.hpp"

#include <utility>

namespace runbook::api {

namespace {

Error too_many() {
  return {ErrorCode::kTooMany, "Too many wrong keys came from this address. Wait, then try again.", {}};
}

}  // namespace

Result<void> may_try(Call& call, const auth::Presented& presented) {
  if (presented.digest.empty() || presented.proven) return {};
  if (!call.context.guesses.admit(call.request.remote_address)) return std::unexpected(too_many());
  return {};
}

// A cookie that expired and a key that was revoked are sent again by programs that mean no harm.
Error after_refusal(Call& call, const auth::Presented& presented, Error refusal) {
  if (refusal.code != ErrorCode::kUnauthenticated || presented.digest.empty()) return refusal;
  auto& guesses = call.context.guesses;
  const auto& address = call.request.remote_address;
  const bool exceeded = guesses.exceeded(address);
  if (presented.cookie || presented.proven) {
    guesses.wrong_once(address, presented.digest);
  } else {
    guesses.wrong(address);
  }
  return exceeded && !presented.proven ? too_many() : std::move(refusal);
}

}  // namespace runbook::api
