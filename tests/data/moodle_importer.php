<?php
/**
 * Reads a Moodle XML file with the importer of a checkout of Moodle, and prints as JSON what it found.
 *
 * What the importer asks of the rest of Moodle (texts, files, tags) is made here, so that neither a
 * database nor a server is needed. tests/moodle_importer.py runs it.
 */
define('MOODLE_INTERNAL', true);
foreach (['FORMAT_MOODLE' => 0, 'FORMAT_HTML' => 1, 'FORMAT_PLAIN' => 2, 'FORMAT_WIKI' => 3,
        'FORMAT_MARKDOWN' => 4, 'PARAM_TEXT' => 'text', 'PARAM_FILE' => 'file',
        'DEBUG_DEVELOPER' => 1] as $name => $value) {
    define($name, $value);
}
error_reporting(E_ALL & ~E_DEPRECATED);
set_error_handler(function ($level, $text, $file, $line) {
    if (error_reporting() & $level) {
        fail("$text ($file:$line)");
    }
});

$FAULTS = [];
$FILES = [];
function fail($text) { global $FAULTS; $FAULTS[] = $text; }

class moodle_exception extends Exception {
    public function __construct($code, $module = '', $link = '', $a = null) {
        parent::__construct($code . ' ' . json_encode($a));
    }
}
class Output { public function __call($name, $given) { return "$name " . json_encode($given); } }
class Storage {
    public function create_file_from_string($record, $content) {
        global $FILES;
        $FILES[$record['itemid']][$record['filepath'] . $record['filename']] = $content;
    }
}
class context_user { public $id = 1; public static function instance($id) { return new self(); } }
class core_tag_tag { public static function is_enabled($one, $two) { return true; } }
class core_text { public static function strlen($text) { return mb_strlen($text); } }
interface cache_data_source {}
$OUTPUT = new Output();
$USER = (object) ['id' => 1];
function get_string($name, $module = '', $a = null) { return "$name " . json_encode($a); }
function get_config($one, $two) { return 0; }
function format_float($x, $d = 1, $l = true, $s = false) { return (string) round($x, $d); }
function debugging($text, $level = 0) { fail($text); }
function get_file_storage() { return new Storage(); }
function file_get_unused_draft_itemid() { static $next = 0; return ++$next; }
// Moodle's own fix_text strips tags outside of multilang.
function clean_param($text, $kind) { return $kind == 'text' ? strip_tags($text) : $text; }
function shorten_text($text, $length) { return mb_substr($text, 0, $length - 3) . '...'; }

$CFG = (object) ['dirroot' => $argv[1], 'libdir' => "$argv[1]/lib"];
require("$argv[1]/question/format.php");
require("$argv[1]/question/format/xml/format.php");

/** The source of one function or class of a file that asks for too much of Moodle. */
function part($file, $begins) {
    $text = file_get_contents($file);
    $from = strpos($text, $begins);
    return substr($text, $from, strpos($text, "\n}\n", $from) + 3 - $from);
}
eval(part("$argv[1]/lib/questionlib.php", 'function match_grade_options'));
eval(part("$argv[1]/question/engine/bank.php", 'abstract class question_bank'));

class Reader extends qformat_xml {
    public function error($text, $line = '', $name = '') { fail("$name $text"); }
    public function categories($path) { return $this->split_category_path($path); }
}
$reader = new Reader();
$read = $reader->readquestions(file($argv[2]));
$grades = question_bank::fraction_options_full();
$questions = [];
foreach ($read ?: [] as $question) {
    if ($question->qtype == 'category') {
        $questions[] = ['qtype' => 'category', 'path' => $reader->categories($question->category)];
        continue;
    }
    foreach ($question->fraction ?? [] as $fraction) {
        if (match_grade_options($grades, $fraction) === false) {
            fail("invalidgrade $fraction in $question->name");
        }
    }
    $question->files = array_map('base64_encode', $FILES[$question->questiontextitemid] ?? []);
    $questions[] = $question;
}
echo json_encode(['faults' => $FAULTS, 'questions' => $questions], JSON_UNESCAPED_UNICODE), "\n";
