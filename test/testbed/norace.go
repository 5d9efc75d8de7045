// Says that this is compiled without the race detector.

//go:build !race

package testbed

const raceDetector = false
