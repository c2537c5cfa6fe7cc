// Reading YAML from strangers: one document of YAML 1.2 as JSON, by the core schema. Names must be text and
// are given once; aliases, anchors, tags, control characters and deep nesting are refused. Pure; a megabyte
// may take a tenth of a second, so it belongs on the blocking pool.
#pragma once

#include <boost/json.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/messages/result.hpp"

namespace runbook::yaml {

// Where something stands in the text: both count from 1, columns in characters.
struct Place {
  std::size_t line = 1;
  std::size_t column = 1;
};

// Where a value and what is in it begin: byte offsets, in the order of members or items.
struct Spot {
  std::uint32_t offset = 0;
  std::vector<Spot> inner = {};
};

struct Document {
  boost::json::value value;
  std::string text;  // as it was read
  Spot spot;

  // Of what a JSON pointer names: a member begins at its name. What is not there has the place of what it
  // would be in.
  Place place(std::string_view pointer) const;
};

// kMalformed with line and column.
Result<Document> read(std::string text);

// `error` with the place in `document` said in the message of each fault.
Error with_places(Error error, const Document& document);

}  // namespace runbook::yaml
