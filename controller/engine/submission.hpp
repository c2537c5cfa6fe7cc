// Whether and as what a request to execute becomes an execution. Pure but for new ids.
#pragma once

#include <boost/json.hpp>

#include "controller/engine/engine.hpp"
#include "controller/secrets/fernet.hpp"
#include "controller/store/execution_store.hpp"

namespace runbook::engine {

// kForbidden when it uses credentials and its person may not; kInvalid with every fault found. `keys` seal
// its secret parameters.
Result<store::NewExecution> judge_submission(const ExecuteRequest& request, const Uuid& execution,
                                             const store::VersionRow& version, const store::HostLookup& hosts,
                                             const secrets::FernetKeys& keys);

// What it would do (Engine::dry_run).
Result<boost::json::object> preview_submission(const ExecuteRequest& request,
                                               const store::VersionRow& version,
                                               const store::HostLookup& hosts);

}  // namespace runbook::engine
