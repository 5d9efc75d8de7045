// Answers that lack what was asked for.

package xmlapi

import "errors"

// Named is an operation of any type.
type Named interface {
	Operator() string
	Name() string
}

// Incomplete is the error for an answer that is ok but lacks what was asked for: nothing may be concluded from it.
func Incomplete(op Named, what string) error {
	return &Error{Class: Transient, Operator: op.Operator(), Operation: op.Name(), Err: errors.New("the answer lacks " + what)}
}
