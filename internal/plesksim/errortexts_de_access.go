// German texts about certificates, keys, sessions, languages, PHP and extensions.

package plesksim

var germanAccess = map[string]string{
	"Unable to set certificate name : %s already exists.":              "Das Zertifikat %s ist bereits vorhanden.",
	"Certificate %s is used.":                                          "Das Zertifikat %s wird verwendet.",
	"Unable to set certificate name : the name is empty.":              "Der Name des Zertifikats ist leer.",
	"Only certificates of the server can be assigned to IP addresses.": "IP-Adressen können nur Zertifikate des Servers zugewiesen werden.",
	"The certificate does not match the private key.":                  "Das Zertifikat passt nicht zum privaten Schlüssel.",
	"The certificate has an invalid format.":                           "Das Zertifikat hat ein ungültiges Format.",
	"The certificate signing request does not match the private key.":  "Die Zertifikatsanforderung passt nicht zum privaten Schlüssel.",
	"The certificate signing request has an invalid format.":           "Die Zertifikatsanforderung hat ein ungültiges Format.",
	"The private key has an invalid format.":                           "Der private Schlüssel hat ein ungültiges Format.",
	"A key of %d bits cannot be made.":                                 "Ein Schlüssel mit %d Bits kann nicht erzeugt werden.",
	"The location, the company and the name cannot be empty.":          "Ort, Firma und Name dürfen nicht leer sein.",
	"Secret key does not exist.":                                       "Der geheime Schlüssel ist nicht vorhanden.",
	"Session does not exist.":                                          "Die Sitzung ist nicht vorhanden.",
	"Locale %s does not exist.":                                        "Die Sprache %s ist nicht vorhanden.",
	"Message %s does not exist.":                                       "Die Meldung %s ist nicht vorhanden.",
	"The default locale %s cannot be disabled.":                        "Die Standardsprache %s kann nicht deaktiviert werden.",
	"Php handler does not exists":                                      "Der PHP-Handler ist nicht vorhanden",
	"Extension %s does not exist.":                                     "Die Erweiterung %s ist nicht vorhanden.",
	"Hook ApiRpc is not implemented in %s":                             "Der Hook ApiRpc ist in %s nicht implementiert",
	"The repository %s has no remote one.":                             "Das Repository %s hat kein entferntes.",
	"The extension %s has no operation %s.":                            "Die Erweiterung %s hat keine Operation %s.",
	"A call of the extension %s has one operation.":                    "Ein Aufruf der Erweiterung %s hat eine Operation.",
	"The file at %s is not an extension.":                              "Die Datei unter %s ist keine Erweiterung.",
	"Repository %s already exists.":                                    "Das Repository %s ist bereits vorhanden.",
	"Repository %s does not exist.":                                    "Das Repository %s ist nicht vorhanden.",
	"The name of the repository is invalid: '%s'.":                     "Der Name des Repositorys ist ungültig: „%s“.",
	"The deployment mode '%s' is invalid.":                             "Der Bereitstellungsmodus „%s“ ist ungültig.",
	"The deployment path '%s' is invalid.":                             "Der Bereitstellungspfad „%s“ ist ungültig.",
}
