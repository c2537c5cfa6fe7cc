// Runbooks as they come and go: judged from JSON or YAML, answered as either.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/json.hpp>

#include "controller/api/call.hpp"
#include "controller/store/runbook_store.hpp"

namespace runbook::api {

// The call's body as a new version by the caller; its `message` travels in the same document. kInvalid names
// every fault, with line and column where the body is YAML.
boost::asio::awaitable<Result<store::NewVersion>> judge_version(Call& call);

// A document, given as JSON, as what saving it would make; on the calling thread, a large one takes long.
// Commands are judged by `policy`.
Result<store::NewVersion> judge_document(boost::json::value document, const domain::CommandPolicy& policy);

// `runbook` with its ETag as JSON, or as YAML when the caller prefers it: the text the version was written
// in, else one that means the same.
boost::asio::awaitable<http::Response> runbook_answer(Call& call, unsigned status,
                                                      boost::json::object runbook);

}  // namespace runbook::api
