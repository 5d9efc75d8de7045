// German error texts: applications, upgrades, and the panel's own looks.

package plesksim

var germanPanel = map[string]string{
	"User %s does not exist.":                                  "Der Benutzer %s ist nicht vorhanden.",
	"User %s is not active.":                                   "Der Benutzer %s ist nicht aktiv.",
	"The text of the button is empty.":                         "Der Text der Schaltfläche ist leer.",
	"The custom button %d does not exist.":                     "Die benutzerdefinierte Schaltfläche %d ist nicht vorhanden.",
	"The vendor does not exist.":                               "Der Anbieter ist nicht vorhanden.",
	"The theme '%s' is no archive.":                            "Das Design „%s“ ist kein Archiv.",
	"The reseller does not exist.":                             "Der Reseller ist nicht vorhanden.",
	"The subscription does not exist.":                         "Das Abonnement ist nicht vorhanden.",
	"The task does not exist.":                                 "Die Aufgabe ist nicht vorhanden.",
	"The file '%s' is not what is expected.":                   "Die Datei „%s“ ist nicht die erwartete.",
	"The package %s already exists.":                           "Das Paket %s ist bereits vorhanden.",
	"The package does not exist.":                              "Das Paket ist nicht vorhanden.",
	"The domain %s has no web hosting.":                        "Die Domain %s hat kein Webhosting.",
	"The URL prefix '%s' is invalid.":                          "Das URL-Präfix „%s“ ist ungültig.",
	"Another application is installed at the URL prefix '%s'.": "Unter dem URL-Präfix „%s“ ist eine andere Anwendung installiert.",
	"An upgrade of the business model is not needed any more.": "Ein Upgrade des Geschäftsmodells ist nicht mehr nötig.",
}
