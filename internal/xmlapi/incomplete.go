// Answers that lack what was asked for.

package xmlapi

import "errors"

// Incomplete is the error for an answer that is ok but lacks what was asked for: nothing may be concluded from it.
func Incomplete(op interface {
	Operator() string
	Name() string
}, what string) error {
	return &Error{Class: Transient, Operator: op.Operator(), Operation: op.Name(), Err: errors.New("the answer lacks " + what)}
}
