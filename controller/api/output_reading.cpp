#include "controller/api/output_reading.hpp"

namespace runbook::api {

store::OutputView read_view(QueryReader& query, const Call& call) {
  store::OutputView view{call.ids.front(), call.ids.back(), query.text("host"), std::nullopt, call.reach};
  const auto stream = query.one_of("stream", {"stdout", "stderr"});
  if (stream) view.stream = *stream == "stdout" ? Stream::kStdout : Stream::kStderr;
  return view;
}

}  // namespace runbook::api
