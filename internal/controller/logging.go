// What may be logged, however much the user asks for.

package controller

import "github.com/go-logr/logr"

// bodies is the verbosity from which on client-go logs the bodies of requests and answers: Secrets among them.
const bodies = 8

// WithoutBodies returns a logger that is silent at the verbosities at which client-go would log secrets. The operator uses no
// other.
func WithoutBodies(l logr.Logger) logr.Logger { return l.WithSink(withoutBodies{l.GetSink()}) }

type withoutBodies struct{ logr.LogSink }

// Enabled implements logr.LogSink.
func (s withoutBodies) Enabled(level int) bool { return level < bodies && s.LogSink.Enabled(level) }

// WithValues implements logr.LogSink.
func (s withoutBodies) WithValues(keysAndValues ...any) logr.LogSink {
	return withoutBodies{s.LogSink.WithValues(keysAndValues...)}
}

// WithName implements logr.LogSink.
func (s withoutBodies) WithName(name string) logr.LogSink {
	return withoutBodies{s.LogSink.WithName(name)}
}

// WithCallDepth implements logr.CallDepthLogSink.
func (s withoutBodies) WithCallDepth(depth int) logr.LogSink {
	if d, ok := s.LogSink.(logr.CallDepthLogSink); ok {
		return withoutBodies{d.WithCallDepth(depth)}
	}
	return s
}
