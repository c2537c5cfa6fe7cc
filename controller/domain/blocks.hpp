// The blocks of a runbook's document: order, ids, slugs, and each one's config. Pure.
#pragma once

#include <boost/json.hpp>

#include <functional>
#include <string>
#include <vector>

#include "controller/domain/json_reader.hpp"
#include "controller/domain/runbook.hpp"

namespace runbook::domain {

// Sorted by `order` where that was given, then numbered from 0; missing ids and slugs are made.
struct ReadBlocks {
  std::vector<Block> blocks;
  std::vector<std::string> pointers;  // where each stands in the document
};
ReadBlocks read_blocks(const boost::json::array& items, const std::string& pointer,
                       const std::function<Uuid()>& new_id, Faults& faults);
boost::json::object to_json(const Block& block);

}  // namespace runbook::domain
