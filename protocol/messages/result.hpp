// Result<T>: what a function answers when its input or the present state may say no.
// Outages (a lost database, a closed socket) are exceptions instead.
#pragma once

#include <expected>
#include <string>
#include <utility>
#include <vector>

namespace runbook {

enum class ErrorCode {
  kMalformed,           // not parseable: 400
  kUnauthenticated,     // 401
  kForbidden,           // 403
  kNotFound,            // 404
  kConflict,            // 409
  kPreconditionFailed,  // 412
  kTooLarge,            // 413
  kUnsupportedMedia,    // 415
  kInvalid,             // understood but wrong: 422
  kTooMany,             // 429
  kUnavailable,         // 503
};

// One thing wrong in a document. `pointer` is a JSON pointer (RFC 6901) into it.
struct Fault {
  std::string pointer;
  std::string code;
  std::string message;
};

// `message` is for the person or program that made the request: it says what to do, never what a library
// said.
struct Error {
  ErrorCode code = ErrorCode::kInvalid;
  std::string message;
  std::vector<Fault> faults = {};
};

template <class T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> failure(ErrorCode code, std::string message) {
  return std::unexpected<Error>(Error{code, std::move(message), {}});
}

}  // namespace runbook
