// Which stored streams a view of a step's output is made of. Used inside controller/store/ only (it shows
// pqxx).
#pragma once

#include <pqxx/pqxx>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "controller/store/attempt_store.hpp"
#include "controller/store/output_reader.hpp"

namespace runbook::store {

struct AttemptRef {
  Uuid id;
  Uuid agent;
  std::string host;
  std::array<StreamEnd, 2> ends = {};  // stored of stdout and stderr

  std::uint64_t bytes() const { return ends[0].bytes + ends[1].bytes; }
};

// A view, found in the database. `one`: it means a single attempt.
struct Located {
  bool step_ended = false;
  bool one = false;
  bool later = false;  // the host may still come: the step has not resolved its hosts
  std::vector<AttemptRef> attempts = {};
  std::optional<std::string> body = {};  // of an API step: the answer, which no host has
  std::uint64_t end = 0;                 // of the view's positions
};

// Whether the view's step is within its reader's reach.
bool is_there(pqxx::work& work, const OutputView& view);

// kNotFound for an unknown step, kInvalid for an unknown or ambiguous host. The step's state is read before
// its output: once it has ended, what is read after is all of it.
Result<Located> locate(pqxx::work& work, const OutputView& view);

std::unexpected<Error> bad_output_query(std::string pointer, std::string code, std::string message);
std::uint64_t count(const pqxx::field& field);

// An API step's answer is looked at in pieces, as the output of hosts is stored.
inline constexpr std::size_t kBodyPieceBytes = 64 * 1024;

}  // namespace runbook::store
