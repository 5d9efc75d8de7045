// Warnings: what an operation that succeeded complained about.

package form

import "fmt"

// Warn tells the user what an operation that succeeded complained about; nothing where it did not. The engine makes it fit to show.
func Warn(to func(string), op interface {
	Operator() string
	Name() string
}, problems *string) {
	text := SingleBlanks(Deref(problems))
	if text == "" || to == nil {
		return
	}
	to(fmt.Sprintf("%s/%s: completed with warnings: %s", op.Operator(), op.Name(), text))
}
