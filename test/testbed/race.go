// Says that this is compiled with the race detector.

//go:build race

package testbed

const raceDetector = true
