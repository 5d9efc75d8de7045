// Faults as JSON: how they are written in a file and at the admin endpoint, and what is refused there.

package plesksim

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"
)

// InjectedFault is a fault that is armed, with what became of it so far.
type InjectedFault struct {
	ID     int
	Fault  Fault
	Seen   int // matches
	Struck int
}

// plainFault is a Fault without its methods.
type plainFault Fault

// faultDocument is a Fault as JSON has it: durations are texts like "1.5s".
type faultDocument struct {
	ID int `json:"id,omitempty"`
	plainFault
	Delay  string `json:"delay,omitempty"`
	Away   string `json:"away,omitempty"`
	Seen   int    `json:"seen,omitempty"`
	Struck int    `json:"struck,omitempty"`
}

func documentOf(f Fault) faultDocument {
	return faultDocument{plainFault: plainFault(f), Delay: durationText(f.Delay), Away: durationText(f.Away)}
}

func durationText(d time.Duration) string {
	if d == 0 {
		return ""
	}
	return d.String()
}

// MarshalJSON writes durations as texts.
func (f Fault) MarshalJSON() ([]byte, error) { return json.Marshal(documentOf(f)) }

// UnmarshalJSON reads durations as texts and refuses names that faults do not have. The fields that only InjectedFault has are ignored, so that
// a list that was read can be sent back.
func (f *Fault) UnmarshalJSON(data []byte) error {
	var document faultDocument
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&document); err != nil {
		return err
	}
	read := Fault(document.plainFault)
	for _, duration := range []struct {
		text string
		to   *time.Duration
	}{{document.Delay, &read.Delay}, {document.Away, &read.Away}} {
		if duration.text == "" {
			continue
		}
		var err error
		if *duration.to, err = time.ParseDuration(duration.text); err != nil {
			return err
		}
	}
	*f = read
	return nil
}

// MarshalJSON writes the fault's own fields beside the id and the counters.
func (i InjectedFault) MarshalJSON() ([]byte, error) {
	document := documentOf(i.Fault)
	document.ID, document.Seen, document.Struck = i.ID, i.Seen, i.Struck
	return json.Marshal(document)
}

// InjectJSON arms the faults of a document, one or a list of them, and returns them with their ids. If one cannot be, none is.
func (s *Server) InjectJSON(document []byte) ([]InjectedFault, error) {
	var faults []Fault
	var err error
	if trimmed := bytes.TrimSpace(document); len(trimmed) > 0 && trimmed[0] == '[' {
		err = json.Unmarshal(trimmed, &faults)
	} else {
		faults = make([]Fault, 1)
		err = json.Unmarshal(trimmed, &faults[0])
	}
	if err != nil {
		if errors.Is(err, io.EOF) {
			err = errors.New("empty document")
		}
		return nil, fmt.Errorf("faults: %w", err)
	}
	for i, f := range faults {
		if err := s.checkFault(f); err != nil {
			return nil, fmt.Errorf("fault %d: %w", i+1, err)
		}
	}
	injected := make([]InjectedFault, len(faults))
	for i, f := range faults {
		injected[i] = InjectedFault{ID: s.faults.arm(f).id, Fault: f}
	}
	return injected, nil
}

// checkFault refuses a fault that would never strike or do nothing, which is what a typing error usually amounts to.
func (s *Server) checkFault(f Fault) error {
	effects := 0
	for _, is := range []bool{f.Code != 0, f.Status != 0 || f.Body != "", f.Cut != 0, f.Drop, f.Hang, f.Restart, f.rewrites()} {
		if is {
			effects++
		}
	}
	known := slices.ContainsFunc(slices.Collect(maps.Keys(s.operations)), f.matches)
	switch {
	case !known:
		return fmt.Errorf("there is no operation %q of an operator %q", f.Operation, f.Operator)
	case f.Probability < 0 || f.Probability > 1:
		return errors.New("probability must be between 0 and 1")
	case min(f.Nth, f.Times, f.Code, f.Cut, f.Repeat) < 0 || min(f.Delay, f.Away) < 0:
		return errors.New("numbers and durations cannot be negative")
	case f.Status != 0 && (f.Status < 200 || f.Status > 599):
		return fmt.Errorf("%d is no status of an HTTP answer", f.Status)
	case effects == 0 && f.Delay == 0:
		return errors.New("nothing would happen: one of delay, code, status, body, cut, drop, hang, restart, without, with and repeat is needed")
	case effects > 1:
		return errors.New("only one of code, status (with or without body), cut, drop, hang, restart and changed results (without, with, repeat) can happen")
	case (f.System || f.Text != "") && f.Code == 0:
		return errors.New("system and text need a code")
	case f.Away != 0 && !f.Restart:
		return errors.New("away needs restart")
	}
	return nil
}
