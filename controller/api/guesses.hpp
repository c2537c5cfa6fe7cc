// Keys, tokens and cookies that are wrong: counted per address, and past the limit answered 429 (S5 of
// SECURITY.md). What was right here before is tried whatever else comes from its address.
#pragma once

#include "controller/api/call.hpp"

namespace runbook::api {

// kTooMany when `presented` is not to be tried now.
Result<void> may_try(Call& call, const auth::Presented& presented);

// The answer to what was tried and refused; counts it when it was wrong.
Error after_refusal(Call& call, const auth::Presented& presented, Error refusal);

}  // namespace runbook::api
