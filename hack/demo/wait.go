// Waiting for the samples, and telling how they are getting on.

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

const lookAgain = 200 * time.Millisecond

// state is what the user sees of a sample.
type state struct {
	object     string // Kind/name
	ready      bool
	summary    string // reason and message of Ready
	conditions []string
}

// waitForSamples returns when all samples are ready. When they do not become so, it prints their conditions.
func (d *demo) waitForSamples(ctx context.Context) error {
	d.say("Waiting until all are ready (at most %s)", readyWithin)
	deadline := time.NewTimer(readyWithin)
	defer deadline.Stop()
	ticker := time.NewTicker(lookAgain)
	defer ticker.Stop()
	board := newBoard(d.out)
	for {
		states, err := d.look(ctx)
		if err != nil {
			return err
		}
		board.show(states)
		waiting := 0
		for _, s := range states {
			if !s.ready {
				waiting++
			}
		}
		if waiting == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-deadline.C:
			d.explain(states)
			return fmt.Errorf("%d of %d samples are not ready", waiting, len(states))
		case <-ticker.C:
		}
	}
}

// look reads the states of all samples that are to become ready.
func (d *demo) look(ctx context.Context) ([]state, error) {
	var states []state
	for _, sample := range d.samples.objects {
		if suspended, _, _ := unstructured.NestedBool(sample.Object, "spec", "suspend"); suspended {
			continue // it is for servers of the other platform
		}
		o := &unstructured.Unstructured{}
		o.SetGroupVersionKind(sample.GroupVersionKind())
		if err := d.bed.Client.Get(ctx, client.ObjectKeyFromObject(sample), o); err != nil {
			return nil, err
		}
		s, err := stateOf(o)
		if err != nil {
			return nil, err
		}
		states = append(states, s)
	}
	return states, nil
}

func stateOf(o *unstructured.Unstructured) (state, error) {
	s := state{object: o.GetKind() + "/" + o.GetName(), summary: "new"}
	conditions, _, err := unstructured.NestedSlice(o.Object, "status", "conditions")
	if err != nil {
		return s, err
	}
	for _, c := range conditions {
		fields, ok := c.(map[string]any)
		if !ok {
			return s, errors.New("a condition is no object")
		}
		get := func(name string) string { v, _, _ := unstructured.NestedString(fields, name); return v }
		s.conditions = append(s.conditions, fmt.Sprintf("%-14s %-8s %-20s %s", get("type"), get("status"), get("reason"), get("message")))
		if get("type") == v1alpha1.ConditionReady {
			generation, _, _ := unstructured.NestedInt64(fields, "observedGeneration")
			s.ready = get("status") == "True" && generation == o.GetGeneration()
			s.summary = strings.TrimSuffix(get("reason")+": "+get("message"), ": ")
		}
	}
	return s, nil
}

// explain prints all that is known about samples that are not ready.
func (d *demo) explain(states []state) {
	for _, s := range states {
		if s.ready {
			continue
		}
		fmt.Fprintf(d.out, "\n%s\n", s.object)
		for _, c := range s.conditions {
			fmt.Fprintln(d.out, "  "+c)
		}
		if len(s.conditions) == 0 {
			fmt.Fprintln(d.out, "  no conditions: the operator has not looked at it")
		}
	}
	fmt.Fprintf(d.out, "\nThe end of the operator's log:\n%s\n\n", d.manager.LogTail(30))
}

// board shows states: one line for each change, or on a terminal one line for each object, kept up to date.
type board struct {
	out   io.Writer
	live  bool
	shown map[string]string
}

func newBoard(out io.Writer) *board {
	f, ok := out.(*os.File)
	if ok {
		info, err := f.Stat()
		ok = err == nil && info.Mode()&os.ModeCharDevice != 0 && os.Getenv("TERM") != "dumb"
	}
	return &board{out: out, live: ok, shown: map[string]string{}}
}

func (b *board) show(states []state) {
	width := 0
	for _, s := range states {
		width = max(width, len(s.object))
	}
	again := len(b.shown) > 0
	var lines strings.Builder
	for _, s := range states {
		line := fmt.Sprintf("  %-*s  %s", width, s.object, s.summary)
		if b.live || b.shown[s.object] != line {
			fmt.Fprintln(&lines, b.fitted(line))
		}
		b.shown[s.object] = line
	}
	if b.live && again {
		fmt.Fprintf(b.out, "\x1b[%dA", len(states)) // up
	}
	fmt.Fprint(b.out, lines.String())
}

// fitted makes a line that takes one line of the terminal and leaves nothing of the previous one.
func (b *board) fitted(line string) string {
	if !b.live {
		return line
	}
	const wrapOff, clearRest, wrapOn = "\x1b[?7l", "\x1b[K", "\x1b[?7h"
	return wrapOff + line + clearRest + wrapOn
}
