// OutputFrame: one piece of a command's output as it travels from agent to controller.
//
// Wire form, all integers big-endian, kFrameHeaderBytes then the data:
//   0  u8   version (1)
//   1  u8   stream (1 stdout, 2 stderr)
//   2  u16  flags (0; receivers ignore unknown bits)
//   4  16   attempt id
//  20  u64  offset of the first byte in its stream
//  28  u32  CRC32C (Castagnoli) of the data
//  32  …    data, 1 to limits::kFrameDataBytes
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "protocol/messages/result.hpp"
#include "protocol/messages/uuid.hpp"

namespace runbook {

enum class Stream : std::uint8_t { kStdout = 1, kStderr = 2 };

std::string_view to_string(Stream stream);  // "stdout", "stderr"

inline constexpr std::size_t kFrameHeaderBytes = 32;

struct OutputFrame {
  Uuid attempt;
  Stream stream = Stream::kStdout;
  std::uint64_t offset = 0;
  std::string data;

  bool operator==(const OutputFrame&) const = default;
};

std::string encode_frame(const Uuid& attempt, Stream stream, std::uint64_t offset, std::string_view data);

// Refuses unknown versions and streams, empty or oversize data and a wrong checksum.
Result<OutputFrame> decode_frame(std::string_view bytes);

// CRC32C of `data`; pass an earlier result as `seed` to continue.
std::uint32_t crc32c(std::string_view data, std::uint32_t seed = 0);

}  // namespace runbook
