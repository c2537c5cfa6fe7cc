// The sample runbooks that the program carries (db/samples), judged like any runbook somebody sends.
#pragma once

#include <boost/asio/awaitable.hpp>

#include <string>
#include <vector>

#include "controller/domain/runbook.hpp"
#include "controller/store/runbook_store.hpp"

namespace runbook::app {

struct SampleRunbook {
  domain::Runbook content;
  std::string yaml;  // as its file has it
};

// Throws std::logic_error that names file and fault when a sample is not a good runbook.
std::vector<SampleRunbook> sample_runbooks();

// Stores those whose title no runbook has yet.
boost::asio::awaitable<void> load_sample_runbooks(store::RunbookStore& runbooks, Uuid person,
                                                  store::Origin by);

}  // namespace runbook::app
