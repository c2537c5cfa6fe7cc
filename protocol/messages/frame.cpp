#include "protocol/messages/frame.hpp"

#include <cstring>

#include "protocol/messages/crc32c.hpp"
#include "protocol/messages/limits.hpp"

namespace runbook {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kAttemptAt = 4;
constexpr std::size_t kOffsetAt = 20;
constexpr std::size_t kChecksumAt = 28;

template <class Integer>
void put(char* at, Integer value) {
  for (std::size_t i = 0; i < sizeof value; ++i) {
    at[i] = static_cast<char>(static_cast<std::uint8_t>(value >> (8 * (sizeof value - 1 - i))));
  }
}

template <class Integer>
Integer get(const char* at) {
  Integer value = 0;
  for (std::size_t i = 0; i < sizeof value; ++i) {
    value = static_cast<Integer>((value << 8) | static_cast<std::uint8_t>(at[i]));
  }
  return value;
}

}  // namespace

std::string_view to_string(Stream stream) { return stream == Stream::kStdout ? "stdout" : "stderr"; }

std::string encode_frame(const Uuid& attempt, Stream stream, std::uint64_t offset, std::string_view data) {
  std::string bytes;
  bytes.reserve(kFrameHeaderBytes + data.size());
  bytes.resize(kFrameHeaderBytes);
  bytes[0] = static_cast<char>(kVersion);
  bytes[1] = static_cast<char>(stream);
  std::memcpy(bytes.data() + kAttemptAt, attempt.bytes.data(), attempt.bytes.size());
  put(bytes.data() + kOffsetAt, offset);
  put(bytes.data() + kChecksumAt, crc32c(data));
  bytes += data;
  return bytes;
}

Result<OutputFrame> decode_frame(std::string_view bytes) {
  if (bytes.size() <= kFrameHeaderBytes) return failure(ErrorCode::kMalformed, "the frame has no data");
  const std::string_view data = bytes.substr(kFrameHeaderBytes);
  if (data.size() > limits::kFrameDataBytes)
    return failure(ErrorCode::kTooLarge, "the frame has too much data");
  const auto version = static_cast<std::uint8_t>(bytes[0]);
  const auto stream = static_cast<std::uint8_t>(bytes[1]);
  if (version != kVersion) return failure(ErrorCode::kMalformed, "the frame's version is unknown");
  if (stream != static_cast<std::uint8_t>(Stream::kStdout) &&
      stream != static_cast<std::uint8_t>(Stream::kStderr)) {
    return failure(ErrorCode::kMalformed, "the frame's stream is unknown");
  }
  OutputFrame frame;
  std::memcpy(frame.attempt.bytes.data(), bytes.data() + kAttemptAt, frame.attempt.bytes.size());
  frame.stream = static_cast<Stream>(stream);
  frame.offset = get<std::uint64_t>(bytes.data() + kOffsetAt);
  if (frame.offset + data.size() < frame.offset) {
    return failure(ErrorCode::kMalformed, "the frame ends beyond the largest offset");
  }
  if (get<std::uint32_t>(bytes.data() + kChecksumAt) != crc32c(data)) {
    return failure(ErrorCode::kMalformed, "the frame's checksum is wrong");
  }
  frame.data = data;
  return frame;
}

}  // namespace runbook
