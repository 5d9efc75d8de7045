// PHP handlers: what sites can run PHP with, and which of them the administrator has enabled (operators-services §12).

package plesksim

// phpHandler is one way to run PHP. Its id is its only key.
type phpHandler struct {
	ID          string
	DisplayName string
	Version     string // e.g. 8.3
	FullVersion string
	Type        string // module, cgi, fastcgi or fpm
	Enabled     bool
}

// factoryPHPHandlers are those of a fresh server, the oldest first.
var factoryPHPHandlers = []phpHandler{
	{"plesk-php74-fpm", "7.4.33 by Plesk, FPM application", "7.4", "7.4.33", "fpm", false},
	{"plesk-php82-fpm", "8.2.28 by Plesk, FPM application", "8.2", "8.2.28", "fpm", true},
	{"plesk-php83-fpm", "8.3.20 by Plesk, FPM application", "8.3", "8.3.20", "fpm", true},
}

// phpHandlerEnabled tells whether sites may use the handler.
func (s *state) phpHandlerEnabled(id string) bool {
	for _, h := range s.PHPHandlers {
		if h.ID == id {
			return h.Enabled
		}
	}
	return false
}

// defaultPHPHandler is the newest enabled handler, "" without any.
func (s *state) defaultPHPHandler() string {
	for i := len(s.PHPHandlers) - 1; i >= 0; i-- {
		if s.PHPHandlers[i].Enabled {
			return s.PHPHandlers[i].ID
		}
	}
	return ""
}
