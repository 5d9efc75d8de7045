// Warnings: what an operation that succeeded complained about.

package form

import "fmt"

// Warn tells the user what an operation that succeeded complained about; nothing if there was no complaint. The engine makes the text fit to show.
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
