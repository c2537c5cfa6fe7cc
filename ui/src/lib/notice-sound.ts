// A short, quiet tone, made here: no file has to be fetched.
const kHertz = 660
const kSeconds = 0.18
const kVolume = 0.08

export function playNotice(): void {
  const audio = new AudioContext()
  const tone = audio.createOscillator()
  const volume = audio.createGain()
  tone.frequency.value = kHertz
  volume.gain.setValueAtTime(kVolume, audio.currentTime)
  volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + kSeconds)
  tone.connect(volume).connect(audio.destination)
  tone.onended = () => void audio.close()
  tone.start()
  tone.stop(audio.currentTime + kSeconds)
}
